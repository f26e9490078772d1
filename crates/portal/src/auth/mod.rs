//! Who asks: passwords, tokens, forms, and the brake on guessing.

pub mod csrf;
pub mod password;
mod password_pool;
pub mod secret_token;
pub mod session;
pub mod setup_code;
pub mod throttle;
