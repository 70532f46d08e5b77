/// The variational autoencoder between pictures and latents.
@NullMarked
package dev.latente.vae;

import org.jspecify.annotations.NullMarked;
