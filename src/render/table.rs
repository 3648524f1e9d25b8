//! Tables as wide as the page.

use super::SafeLine;
use super::layout::{Page, Style, width_of, wrap};

/// The narrowest page for a table; below it, its rows are laid out one under the other.
pub(super) const NARROWEST_TABLE: usize = 60;

/// What stands between two columns.
const GAP: usize = 3;

/// A table of three columns as wide as the page, or its rows one under the other where the page is too narrow for it. A
/// cell is a list of lines; long ones are wrapped. Time is linear in the text, and no cell is too long.
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
    let titles = titles.map(|title| vec![title.to_owned()]);
    // The page is indented by two, and the table has a blank on either side.
    let room = page.width().saturating_sub(4 + 2 * GAP);
    let widest = |column: usize| {
        let cells = rows.iter().chain([&titles]).filter_map(|row| row.get(column));
        cells.flatten().map(|line| width_of(line)).max().unwrap_or(0)
    };
    let (first, second) = (widest(0).min(room / 3), widest(1).min(room / 3));
    let columns = [first, second, widest(2).min(room.saturating_sub(first).saturating_sub(second))];
    let mut lines = String::new();
    push_row(&mut lines, &titles, columns);
    let rule = if unicode { "═" } else { "=" };
    lines.push_str(&rule.repeat(columns.iter().sum::<usize>().saturating_add(2 * GAP + 2)));
    lines.push('\n');
    rows.iter().for_each(|row| push_row(&mut lines, row, columns));
    page.block(&lines);
}

/// The lines of a row, the columns side by side.
fn push_row(out: &mut String, cells: &[Vec<String>; 3], widths: [usize; 3]) {
    let [first, second, third] = cells;
    let [mut first, mut second, mut third] = [(first, widths[0]), (second, widths[1]), (third, widths[2])]
        .map(|(cell, width)| cell.iter().flat_map(move |line| wrap(line, width)));
    loop {
        let line = [first.next(), second.next(), third.next()];
        if line.iter().all(Option::is_none) {
            return;
        }
        out.push(' ');
        for (piece, width) in line.into_iter().zip(widths) {
            let piece = piece.unwrap_or_default();
            out.push_str(piece);
            out.extend(std::iter::repeat_n(' ', width.saturating_add(GAP).saturating_sub(width_of(piece))));
        }
        out.push('\n');
    }
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
  ═══════════════════════════════════════════════════════════
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
