// Runs the accessibility checks, or those of colours alone; the last argument takes what they found.
const [colours] = arguments;
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const runOnly = colours
  ? { type: "rule", values: ["color-contrast", "link-in-text-block"] }
  : { type: "tag", values: tags };
window.axe.run(document, { runOnly, resultTypes: ["violations"] }).then(
  (results) =>
    done(
      results.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.any.concat(node.all, node.none).map((check) => check.message).join("; ")}`),
      ),
    ),
  (error) => done([`the checks ended with ${error}`]),
);
