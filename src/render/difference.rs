//! Two tokens side by side, for a person at a terminal.

use super::layout::{Page, Style};
use super::text::TextOptions;
use crate::diff::{Difference, Grant};

/// A difference as text; of the options `width` and `colour` count, and `all`, which shows routine claims with their
/// values.
pub fn difference_text(difference: &Difference, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    page.blank();
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "no token".to_owned());
    page.field("Before", &side(&difference.before));
    page.field("After", &side(&difference.after));
    page.blank();
    grants(&mut page, "Gained", &difference.gained, Style::Fine);
    grants(&mut page, "Lost", &difference.lost, Style::Error);
    if difference.gained.is_empty() && difference.lost.is_empty() {
        page.paragraph("The permissions are the same.", Style::Plain);
    }
    if !difference.traits.is_empty() {
        heading(&mut page, "What they are");
    }
    for change in &difference.traits {
        pair(&mut page, change.what, change.before.as_deref(), change.after.as_deref());
    }
    let (routine, telling): (Vec<_>, Vec<_>) =
        difference.claims.iter().partition(|claim| claim.routine && !options.all);
    if !telling.is_empty() {
        heading(&mut page, "Claims");
    }
    for claim in telling {
        let name = claim.pointer.strip_prefix("/payload/").unwrap_or(&claim.pointer);
        pair(&mut page, name, claim.before.as_deref(), claim.after.as_deref());
    }
    page.blank();
    if !routine.is_empty() {
        let names: Vec<_> = routine.iter().map(|claim| claim.name.as_str()).collect();
        page.paragraph(&format!("Different in any two tokens: {} (--all shows them)", names.join(", ")), Style::Plain);
    }
    page.paragraph(&format!("The same in both: {} claims", difference.same), Style::Plain);
    page.blank();
    page.finish()
}

fn heading(page: &mut Page, text: &str) {
    page.blank();
    page.paragraph(text, Style::Bold);
    page.blank();
}

fn grants(page: &mut Page, label: &str, grants: &[Grant], style: Style) {
    for (index, grant) in grants.iter().enumerate() {
        let text = format!("{} ({})", grant.name, grant.kind.replace('-', " "));
        page.hanging(if index == 0 { label } else { "" }, 11, &text, style, Style::Plain);
    }
}

fn pair(page: &mut Page, name: &str, before: Option<&str>, after: Option<&str>) {
    page.paragraph(name, Style::Bold);
    for (mark, value) in [("-", before), ("+", after)] {
        if let Some(value) = value {
            let style = if mark == "-" { Style::Error } else { Style::Fine };
            page.hanging(mark, 4, value, style, Style::Plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn shows_both_values_of_what_differs() {
        let before = sample::report();
        let mut after = before.clone();
        let token = after.artefacts[0].token.as_mut().unwrap();
        token.scopes = vec!["User.Read".to_owned()];
        token.claims[3].value = "User.Read \u{202e}x".to_owned();
        token.claims.pop();
        let shown =
            difference_text(&crate::diff::diff(&before, &after), &TextOptions { width: 60, ..Default::default() });
        let expected = r"
  Before   access token 1.0, delegated, ada@tenant.example
  After    access token 1.0, delegated, ada@tenant.example

  Gained   User.Read (delegated)

  Claims

  scp
  - User.Read
  + User.Read \u{202e}x
  a_claim_with_a_name_that_is_longer_than_its_column
  - \u{1b}[2J\u{202e}|`x`<b>\u{7}

  The same in both: 3 claims

";
        assert_eq!(shown, expected);
    }
}
