/// Arrays in native memory and the operations on them: a thin, immutable facade over libtorch.
///
/// This is the only package that knows the native library, and in it one class, `Native`, makes
/// every call, so that another binding could take its place.
@NullMarked
package dev.latente.tensor;

import org.jspecify.annotations.NullMarked;
