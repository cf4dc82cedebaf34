//! Panics that stay where they happen. Their message may hold a document's text, so it is kept from the terminal and
//! cleaned before it is shown.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`; a panic in it becomes its message. Whatever `work` changed must be renewed by the caller then.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(keep_quiet);
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    outcome.map_err(|payload| message(payload.as_ref()))
}

/// Panics elsewhere are told as before.
fn keep_quiet() {
    let usual = take_hook();
    set_hook(Box::new(move |info| {
        if !CONTAINED.get() {
            usual(info);
        }
    }));
}

fn message(payload: &(dyn Any + Send)) -> String {
    const SHOWN: usize = 160;
    let said = payload.downcast_ref::<String>().map(String::as_str);
    let said = said
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("without a message");
    let shown: String = said.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    format!("a fault of pressgauge: {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_clean_messages() {
        assert_eq!(contained(|| 7), Ok(7));
        let told = contained(|| panic!("bad \x1b[31m byte {}", 3)).unwrap_err();
        assert_eq!(told, "a fault of pressgauge: bad \\u{1b}[31m byte 3");
        assert!(
            contained(|| panic!("{}", "long ".repeat(1000)))
                .unwrap_err()
                .len()
                < 200
        );
    }
}
