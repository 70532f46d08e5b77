/// Inner loops for a processor's vector unit, on native memory, where they beat libtorch's: as
/// machine code, and by Java's vectors where there is none.
///
/// They need the module `jdk.incubator.vector`; [dev.latente.kernel.Kernels#available] says whether
/// it is there. Callers pass addresses and must keep the memory alive; nothing here checks bounds.
@NullMarked
package dev.latente.kernel;

import org.jspecify.annotations.NullMarked;
