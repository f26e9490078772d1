//! JSON kept as text: members stay in their order and numbers in their spelling, and a wrong text can be written.

/// A JSON value whose scalars are the text they were written as.
#[derive(Clone, Debug)]
pub enum Json {
    /// Members in their order; the names without quotes.
    Object(Vec<(String, Json)>),
    /// Elements.
    Array(Vec<Json>),
    /// A string with its quotes, a number or a literal; after an edit, any text at all.
    Scalar(String),
}

impl Json {
    /// Reads compact JSON of our own.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { rest: text };
        let json = reader.value();
        assert!(reader.rest.is_empty(), "text after the value: {}", reader.rest);
        json
    }

    /// The text without white space.
    pub fn compact(&self) -> String {
        match self {
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("\"{name}\":{}", value.compact()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            Self::Array(elements) => {
                format!("[{}]", elements.iter().map(Self::compact).collect::<Vec<_>>().join(","))
            }
            Self::Scalar(text) => text.clone(),
        }
    }

    /// The text on several lines, each level indented by this much.
    pub fn pretty(&self, indent: &str) -> String {
        self.indented(indent, "\n")
    }

    fn indented(&self, indent: &str, line: &str) -> String {
        let inner = format!("{line}{indent}");
        let block = |open: char, parts: Vec<String>, close: char| {
            if parts.is_empty() {
                return format!("{open}{close}");
            }
            format!("{open}{inner}{}{line}{close}", parts.join(&format!(",{inner}")))
        };
        match self {
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| format!("\"{name}\": {}", value.indented(indent, &inner));
                block('{', members.iter().map(member).collect(), '}')
            }
            Self::Array(elements) => {
                block('[', elements.iter().map(|element| element.indented(indent, &inner)).collect(), ']')
            }
            Self::Scalar(text) => text.clone(),
        }
    }

    /// The value at a path such as `user_types.0.count`.
    pub fn at(&self, path: &str) -> &Self {
        let mut here = self;
        for step in steps(path) {
            here = match here {
                Self::Object(members) => &members[place(members, step)].1,
                Self::Array(elements) => &elements[step.parse::<usize>().expect("an index")],
                Self::Scalar(text) => panic!("no `{step}` in {text}"),
            };
        }
        here
    }

    /// The value at a path, to be changed.
    pub fn at_mut(&mut self, path: &str) -> &mut Self {
        let mut here = self;
        for step in steps(path) {
            here = match here {
                Self::Object(members) => {
                    let index = place(members, step);
                    &mut members[index].1
                }
                Self::Array(elements) => &mut elements[step.parse::<usize>().expect("an index")],
                Self::Scalar(text) => panic!("no `{step}` in {text}"),
            };
        }
        here
    }

    /// The members that hold the one at a path, and its index.
    fn holder(&mut self, path: &str) -> (&mut Vec<(String, Self)>, usize) {
        let (object, name) = path.rsplit_once('.').unwrap_or(("", path));
        match self.at_mut(object) {
            Self::Object(members) => {
                let index = place(members, name);
                (members, index)
            }
            other => panic!("{other:?} has no members"),
        }
    }

    /// With any text in the place of a value.
    pub fn with(&self, path: &str, text: &str) -> Self {
        let mut edited = self.clone();
        *edited.at_mut(path) = Self::Scalar(text.to_owned());
        edited
    }

    /// Without a member.
    pub fn without(&self, path: &str) -> Self {
        let mut edited = self.clone();
        let (members, index) = edited.holder(path);
        members.remove(index);
        edited
    }

    /// With a member under its name in upper case, which is another name.
    pub fn renamed(&self, path: &str) -> Self {
        let mut edited = self.clone();
        let (members, index) = edited.holder(path);
        members[index].0 = members[index].0.to_uppercase();
        edited
    }

    /// With a member twice, both times with the same value.
    pub fn twice(&self, path: &str) -> Self {
        let mut edited = self.clone();
        let (members, index) = edited.holder(path);
        members.push(members[index].clone());
        edited
    }

    /// With one more member in the object at a path.
    pub fn added(&self, object: &str, name: &str, value: &str) -> Self {
        let mut edited = self.clone();
        match edited.at_mut(object) {
            Self::Object(members) => members.push((name.to_owned(), Self::Scalar(value.to_owned()))),
            other => panic!("{other:?} has no members"),
        }
        edited
    }

    /// With the value at a path turned into one of another type that says the same.
    pub fn retyped(&self, path: &str) -> Self {
        let other = match self.at(path) {
            Self::Object(members) => Self::Array(members.iter().map(|(_, value)| value.clone()).collect()).compact(),
            Self::Array(_) => "{}".to_owned(),
            Self::Scalar(text) if text.starts_with('"') || text == "true" => "1".to_owned(),
            Self::Scalar(number) => format!("\"{number}\""),
        };
        self.with(path, &other)
    }

    /// Whether this is an object with that member.
    pub fn has(&self, name: &str) -> bool {
        matches!(self, Self::Object(members) if members.iter().any(|(own, _)| own == name))
    }

    /// With the members of the outermost object in the opposite order.
    pub fn reversed(&self) -> Self {
        match self {
            Self::Object(members) => Self::Object(members.iter().rev().cloned().collect()),
            other => other.clone(),
        }
    }

    /// The paths of all members of all objects.
    pub fn members(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit("", &mut |path, value| {
            if let Self::Object(members) = value {
                paths.extend(members.iter().map(|(name, _)| join(path, name)));
            }
        });
        paths
    }

    /// The paths of all values; that of the outermost is empty.
    pub fn values(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit("", &mut |path, _| paths.push(path.to_owned()));
        paths
    }

    /// The paths of all objects; that of the outermost is empty.
    pub fn objects(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit("", &mut |path, value| {
            if matches!(value, Self::Object(_)) {
                paths.push(path.to_owned());
            }
        });
        paths
    }

    fn visit(&self, path: &str, seen: &mut dyn FnMut(&str, &Self)) {
        seen(path, self);
        match self {
            Self::Object(members) => members.iter().for_each(|(name, value)| value.visit(&join(path, name), seen)),
            Self::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    value.visit(&join(path, &index.to_string()), seen);
                }
            }
            Self::Scalar(_) => {}
        }
    }
}

fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|step| !step.is_empty())
}

fn join(path: &str, step: &str) -> String {
    if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") }
}

fn place(members: &[(String, Json)], name: &str) -> usize {
    members.iter().position(|(own, _)| own == name).unwrap_or_else(|| panic!("no member `{name}`"))
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Json {
        match self.rest.as_bytes()[0] {
            b'{' => Json::Object(self.list('}', |reader| {
                let name = reader.scalar(':');
                reader.skip(':');
                (name.trim_matches('"').to_owned(), reader.value())
            })),
            b'[' => Json::Array(self.list(']', Self::value)),
            _ => Json::Scalar(self.scalar(',')),
        }
    }

    fn list<T>(&mut self, close: char, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        self.rest = &self.rest[1..];
        while !self.rest.starts_with(close) {
            if !items.is_empty() {
                self.skip(',');
            }
            items.push(item(self));
        }
        self.skip(close);
        items
    }

    fn skip(&mut self, mark: char) {
        self.rest = self.rest.strip_prefix(mark).unwrap_or_else(|| panic!("no {mark:?} before {}", self.rest));
    }

    fn scalar(&mut self, end: char) -> String {
        let length = if self.rest.starts_with('"') {
            let mut escaped = false;
            let closing = self.rest[1..].find(|c| {
                let closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                closes
            });
            closing.expect("a closing quote") + 2
        } else {
            self.rest.find([end, '}', ']']).unwrap_or(self.rest.len())
        };
        let (scalar, rest) = self.rest.split_at(length);
        self.rest = rest;
        scalar.to_owned()
    }
}
