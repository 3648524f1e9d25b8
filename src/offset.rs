//! Offsets and counts that no input makes overflow.

/// Moves an offset on, or counts on.
pub(crate) trait Advance {
    /// Adds, and stays at the greatest number where there is no room for more: the text would have to be longer than
    /// the address space.
    fn advance(&mut self, by: Self);
}

impl Advance for usize {
    fn advance(&mut self, by: Self) {
        *self = self.saturating_add(by);
    }
}
