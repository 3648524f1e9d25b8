//! What a renderer of GitHub's Markdown, with every extension that others have, makes of a report.

use crate::hostile::{self, MARK, everything, report};
use crate::{assert_quotes, assert_shown};
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use tokentriage::render;

/// What renderers of Markdown take for markup, links, references and commands.
const MARKDOWN: &[&str] = &[
    "`code`",
    "``` x",
    "*a* **b** _c_ __d__ ~~e~~ ~f~ ==g== ^h^ ++i++ ||j||",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[x][y]",
    "[x]: https://evil.example",
    "<https://evil.example>",
    "<dana@evil.example>",
    "https://evil.example/x",
    "(https://evil.example)",
    "HTTP://EVIL.EXAMPLE",
    "ftp://evil.example",
    "www.evil.example",
    "x.www.evil.example",
    "dana@evil.example",
    "mailto:dana@evil.example",
    "xmpp:dana@evil.example",
    "javascript:alert(1)",
    "@everyone",
    "(@org/team)",
    "a|@here",
    "#12 owner/repo#12 GH-12 ABC-12 !12 $12 %12 &12 ~bug ^alert",
    "0123456789abcdef0123456789abcdef01234567",
    ":smile: :+1: :100:",
    "{+in+} {-out-} [+in+] [-out-]",
    "[[page]] [[page|title]]",
    "[^1] [^1]: note",
    "$x$ $$x$$ $`x`$",
    "- x",
    "+ x",
    "* x",
    "1. x",
    "12) x",
    "    code",
    "> quote",
    "[ ] task",
    "[x] task",
    "# heading",
    "heading #",
    "---",
    "===",
    "| a | b |",
    "a \\| b",
    "\\",
    "a\\",
    "a`\\|`b",
    "`\\|`@x`\\|`",
    "<b>x</b> <img src=x> </details> <!-- x --> &lt;b&gt; &#64;everyone",
    "line\nbreak\r\n\n# heading\n\n- list",
    "(`@x`)",
    "\"@x\"",
    "'www.evil.example'",
    "x,@y,https://evil.example",
];

/// What may stand in running text without being acted on.
fn check_text(text: &str, given: &str) {
    let characters: Vec<char> = text.chars().collect();
    for window in characters.windows(2) {
        let acts = matches!(window, ['@' | '#' | '!' | '$' | '%' | '~' | '^', next] if next.is_alphanumeric());
        assert!(!acts, "{given:?} gives {window:?} in {text:?}");
    }
    for piece in ["://", "www.", "@", "mailto:", "[[", "{+", "{-", "[+", "[-"] {
        assert!(!text.contains(piece), "{given:?} gives {piece} in {text:?}");
    }
}

/// Reads the report as a renderer does: nothing may come of the paste but text and code.
fn check(given: &str) {
    let markdown = render::markdown(&report(given));
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.superscript = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.alerts = true;
    extension.math_dollars = true;
    extension.math_code = true;
    extension.shortcodes = true;
    extension.wikilinks_title_after_pipe = true;
    options.parse.relaxed_autolinks = true;
    let arena = Arena::new();
    let root = parse_document(&arena, &markdown, &options);
    let mut level = 0;
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Document | NodeValue::Paragraph | NodeValue::Strong | NodeValue::Code(_) => {}
            NodeValue::SoftBreak | NodeValue::LineBreak => {}
            NodeValue::Item(_) | NodeValue::TableRow(_) | NodeValue::TableCell => {}
            NodeValue::List(_) => {
                // The repairs of an artefact are a list in the list of artefacts; no other list is in a list.
                let around =
                    node.ancestors().skip(1).filter(|node| matches!(node.data.borrow().value, NodeValue::List(_)));
                assert!(around.count() < 2, "{given:?} begins a list: {markdown}");
            }
            NodeValue::Table(table) => assert_eq!(table.num_columns, 2, "{given:?}"),
            NodeValue::Heading(heading) => {
                assert!(heading.level == 2 && level == 0 || heading.level == 3, "{given:?} is a heading: {markdown}");
                level = heading.level;
            }
            NodeValue::Link(link) => {
                let known = ["https://learn.microsoft.com/", "https://www.rfc-editor.org/"];
                assert!(known.iter().any(|start| link.url.starts_with(start)), "{given:?} links to {}", link.url);
            }
            NodeValue::Text(text) => {
                let of_link =
                    node.parent().is_some_and(|parent| matches!(parent.data.borrow().value, NodeValue::Link(_)));
                if !of_link {
                    check_text(text, given);
                }
            }
            other => panic!("{given:?} becomes {other:?}: {markdown}"),
        }
    }
}

#[test]
fn markdown_shows_every_character() {
    for (_, report) in everything() {
        let markdown = render::markdown(report);
        assert_quotes(&markdown, 2, "markdown");
        assert_shown(&markdown, &['\n'], "markdown");
    }
}

#[test]
fn nothing_in_markdown_is_acted_on() {
    for given in MARKDOWN.iter().chain(hostile::MARKUP).chain(hostile::FORMULAS) {
        for given in
            [(*given).to_owned(), format!("{MARK} {given}"), format!("{MARK}{given}"), format!(" {given} {MARK}")]
        {
            check(&given);
        }
    }
}

/// Every pair of characters of ASCII, alone and within words.
#[test]
fn no_pair_of_characters_is_acted_on() {
    let visible = || ' '..='~';
    for first in visible() {
        let pairs: Vec<String> = visible().map(|second| format!("{first}{second}")).collect();
        let within: Vec<String> = pairs.iter().map(|pair| format!("a{pair}b x{pair} {pair}1")).collect();
        check(&pairs.join(" "));
        check(&within.join(" "));
    }
}
