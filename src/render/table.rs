//! Tables as wide as the page.

use super::SafeLine;
use super::layout::{Page, Style, width_of, wrap};
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

/// The narrowest page for a table; below it, its rows are laid out one under the other.
pub(super) const NARROWEST_TABLE: usize = 60;

/// The columns between two columns of the table.
const GAP: usize = 3;

/// The widest table: a page may be wider than that, and no screen is.
const WIDEST_TABLE: usize = 10_000;

/// A table of three columns as wide as the page, or its rows one under the other where the page is too narrow for it. A
/// cell is a list of lines; long ones are wrapped. Time is linear in the text, and no cell is too long: it is broken
/// here, because comfy-table takes quadratic time for that and counts columns in sixteen bits.
pub(super) fn table<'a>(
    page: &mut Page,
    titles: [&str; 3],
    rows: impl Iterator<Item = [Vec<&'a str>; 3]>,
    unicode: bool,
) {
    if page.width() < NARROWEST_TABLE {
        for [first, rest @ ..] in rows {
            page.paragraph(&first.join(" "), Style::Bold);
            for line in rest.iter().flatten().filter(|line| !line.is_empty()) {
                page.hanging("", 4, line, Style::Plain, Style::Plain);
            }
        }
        return;
    }
    let escaped = |lines: &Vec<&str>| lines.iter().map(|line| SafeLine(line).to_string()).collect::<Vec<_>>();
    let rows: Vec<[Vec<String>; 3]> = rows.map(|row| row.each_ref().map(escaped)).collect();
    // The page is indented by two, and the table has a blank on either side.
    let room = page.width().min(WIDEST_TABLE).saturating_sub(4 + 2 * GAP);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).flatten().map(String::as_str);
        cells.chain(titles.get(column).copied()).map(width_of).max().unwrap_or(0)
    };
    let (first, second) = (widest(0).min(room / 3), widest(1).min(room / 3));
    let widths = [first, second, widest(2).min(room.saturating_sub(first).saturating_sub(second))];
    let broken = |(lines, width): (&Vec<String>, usize)| {
        let lines: Vec<&str> = lines.iter().flat_map(|line| wrap(line, width)).collect();
        lines.join("\n")
    };
    let rule = if unicode { '═' } else { '=' };
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill(rule).junction(rule)));
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(titles);
    table.add_rows(
        rows.iter()
            .map(|[first, second, third]| [(first, widths[0]), (second, widths[1]), (third, widths[2])].map(broken)),
    );
    page.block(&table.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(width: usize, rows: &[[Vec<&str>; 3]]) -> String {
        let mut page = Page::new(width, false);
        table(&mut page, ["Claim", "Value", "Meaning"], rows.iter().cloned(), true);
        page.finish()
    }

    #[test]
    fn sets_columns_side_by_side() {
        let rows = [
            [
                vec!["aud"],
                vec!["https://graph.example/and-more", "Graph"],
                vec!["The service the token is for. No other."],
            ],
            [vec!["kid", "(header)"], vec!["k\u{202e}"], vec!["漢字"]],
            [vec!["e"], vec![""], vec![]],
        ];
        let expected = "   Claim      Value               Meaning
  ═════════════════════════════════════════════════════════
   aud        https://graph.exa   The service the token is
              mple/and-more       for. No other.
              Graph
   kid        k\\u{202e}           漢字
   (header)
   e
";
        assert_eq!(laid_out(61, &rows), expected);
        assert!(laid_out(59, &rows).starts_with("  aud\n    https://graph.example/and-more\n"));
    }

    #[test]
    fn no_cell_is_too_long() {
        let long = "漢a".repeat(100_000);
        for width in [60, 61, 80, 200] {
            let shown = laid_out(width, &[[vec![&long], vec![&long], vec![&long]]]);
            assert!(shown.lines().all(|line| width_of(line) <= width));
            // Nothing of it is lost; the titles have an a each, too.
            assert_eq!(shown.matches('a').count(), 300_003);
        }
    }
}
