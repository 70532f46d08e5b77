/// Files of weights to named tensors: safetensors, folders, single files, renaming and detection.
@NullMarked
package dev.latente.model;

import org.jspecify.annotations.NullMarked;
