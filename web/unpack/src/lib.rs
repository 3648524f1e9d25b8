//! What the page unpacks its core with: LZMA, because browsers can undo nothing that packs as well, and the instructions
//! put together again that were laid apart before ([`lanes`]).
//!
//! In the page this is a module of its own that imports nothing and allocates nothing but whole pages of memory: small,
//! because it comes unpacked itself. The script writes what is packed to where [`page::place`] says, and reads the core
//! from where [`page::unpack`] says.

#![cfg_attr(target_family = "wasm", no_std)]

pub mod lanes;
pub mod lzma;

#[cfg(target_family = "wasm")]
mod page {
    use crate::{lanes, lzma};
    use core::cell::Cell;
    use core::slice;

    /// Where something stands, and how many bytes long it is.
    struct Place(Cell<(usize, usize)>);

    // SAFETY: a module of a page has one thread; its target knows no other.
    unsafe impl Sync for Place {}

    static PACKED: Place = Place(Cell::new((0, 0)));
    static CORE: Place = Place(Cell::new((0, 0)));

    /// Room that nobody else has, behind all there is; a trap where there is none.
    fn room(length: usize) -> &'static mut [u8] {
        const PAGE: usize = 1 << 16;
        let page = core::arch::wasm32::memory_grow::<0>(length.div_ceil(PAGE));
        assert!(page != usize::MAX);
        // SAFETY: the pages are new, zeroed and handed out once.
        unsafe { slice::from_raw_parts_mut(core::ptr::with_exposed_provenance_mut(page * PAGE), length) }
    }

    /// Makes room for so many bytes, and says where.
    #[unsafe(no_mangle)]
    extern "C" fn place(length: usize) -> *mut u8 {
        let start = room(length).as_mut_ptr();
        PACKED.0.set((start.expose_provenance(), length));
        start
    }

    /// Unpacks what was placed, and says where the core is.
    #[unsafe(no_mangle)]
    extern "C" fn unpack() -> *const u8 {
        let (start, length) = PACKED.0.get();
        // SAFETY: the room of `place`, which the script has filled.
        let packed = unsafe { slice::from_raw_parts(core::ptr::with_exposed_provenance(start), length) };
        let parts = room(lzma::length(packed));
        lzma::decode(packed, parts);
        let core = room(lanes::length(parts));
        lanes::put_together(parts, core);
        CORE.0.set((0, core.len()));
        core.as_ptr()
    }

    /// How long the core is, in bytes.
    #[unsafe(no_mangle)]
    extern "C" fn length() -> usize {
        CORE.0.get().1
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
