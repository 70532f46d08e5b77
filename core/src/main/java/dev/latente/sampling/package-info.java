/// Reverse diffusion: noise levels, and samplers that step from one to the next. Knows no network.
@NullMarked
package dev.latente.sampling;

import org.jspecify.annotations.NullMarked;
