/// The `latente` command.
@NullMarked
package dev.latente.cli;

import org.jspecify.annotations.NullMarked;
