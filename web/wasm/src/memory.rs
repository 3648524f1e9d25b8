//! Memory that is handed out in a row and given back all at once, when an answer has been read.
//!
//! A page asks, reads the answer and asks again: nothing of an answer outlives it. So freeing single pieces is no work at
//! all here, and the code that would find them (a tenth of the module) falls away. What was used is overwritten with
//! zeros before it is used again: of a paste nothing stays in memory once its answer is out.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

/// A page of WebAssembly memory, in bytes.
const PAGE: usize = 1 << 16;

#[global_allocator]
static MEMORY: Memory = Memory { kept: Cell::new(0), next: Cell::new(0), end: Cell::new(0) };

/// Addresses in the memory of the module; all of them 0 until the first piece is asked for.
struct Memory {
    /// Up to here it is kept from one answer to the next.
    kept: Cell<usize>,
    /// Where the next piece begins.
    next: Cell<usize>,
    /// Where what the module may use ends.
    end: Cell<usize>,
}

// SAFETY: a module of a page has one thread; its target knows no other.
unsafe impl Sync for Memory {}

impl Memory {
    /// Where the next piece begins: at first behind what the linker laid out, which is the memory that the module starts with.
    fn next(&self) -> usize {
        if self.end.get() == 0 {
            let start = core::arch::wasm32::memory_size::<0>() * PAGE;
            self.next.set(start);
            self.end.set(start);
        }
        self.next.get()
    }

    /// Makes room up to an address. `false` where a page gets no more memory.
    fn reach(&self, end: usize) -> bool {
        let lacking = end.saturating_sub(self.end.get()).div_ceil(PAGE);
        if lacking > 0 {
            let before = core::arch::wasm32::memory_grow::<0>(lacking);
            if before == usize::MAX {
                return false;
            }
            self.end.set((before + lacking) * PAGE);
        }
        true
    }
}

// SAFETY: pieces lie behind one another in memory that the module asked for itself, each aligned as it was asked for; none
// is handed out twice before `give_back`.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.next().next_multiple_of(layout.align());
        let Some(end) = start.checked_add(layout.size()).filter(|end| self.reach(*end)) else {
            return std::ptr::null_mut();
        };
        self.next.set(end);
        std::ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// What was handed out last grows where it stands: most texts and lists are that while they are built.
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return piece;
        }
        let start = piece.expose_provenance();
        if start + layout.size() == self.next.get() {
            return match start.checked_add(size).filter(|end| self.reach(*end)) {
                Some(end) => {
                    self.next.set(end);
                    piece
                }
                None => std::ptr::null_mut(),
            };
        }
        // SAFETY: the caller vouches for the piece and its layout, and that the size is one that a layout can have.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                std::ptr::copy_nonoverlapping(piece, new, layout.size());
            }
            new
        }
    }
}

/// Keeps what has been made until now from being given back.
pub(crate) fn keep() {
    MEMORY.kept.set(MEMORY.next());
}

/// Gives back, overwritten with zeros, what was handed out since [`keep`].
pub(crate) fn give_back() {
    let (kept, next) = (MEMORY.kept.get(), MEMORY.next.get());
    // SAFETY: the range was handed out, and no one holds a piece of it: the caller has read its answer.
    unsafe { std::ptr::write_bytes(std::ptr::with_exposed_provenance_mut::<u8>(kept), 0, next - kept) };
    MEMORY.next.set(kept);
}
