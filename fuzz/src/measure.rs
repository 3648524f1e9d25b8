//! Memory, counted by the allocator.

/// What a step may allocate at most at one moment: so many bytes for each byte of input, and so many beside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) per_byte: u64,
    pub(crate) beside: u64,
}

impl Bound {
    /// Runs a step on `input` bytes and asserts the bound.
    pub(crate) fn check<T>(self, what: &str, input: usize, step: impl FnOnce() -> T) -> T {
        let mut result = None;
        let used = allocation_counter::measure(|| result = Some(step())).bytes_max;
        let allowed = self.per_byte * input as u64 + self.beside;
        assert!(used <= allowed, "{what} took {used} bytes of memory for {input} bytes of input: at most {allowed}");
        result.expect("the step ran")
    }
}
