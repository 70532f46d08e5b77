/// Arrays in native memory and the operations on them: a thin, immutable facade over libtorch.
///
/// This is the only package that knows the native library, and in it [Tensor] and the `Native`
/// classes make every call, so that another binding could take its place.
@NullMarked
package dev.latente.tensor;

import org.jspecify.annotations.NullMarked;
