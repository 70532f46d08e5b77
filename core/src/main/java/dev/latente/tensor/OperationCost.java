package dev.latente.tensor;

/// What operations of one sort took together.
///
/// @param kind what sort
/// @param name of the operation where `kind` is [OperationKind#REST], else empty
/// @param positions pixels of the map, or tokens of the sequence, that it works on; 0 where that
///   means nothing
/// @param calls how many
/// @param seconds how long, without the operations inside them
/// @param flops multiplications and additions that the textbook's way takes, however it is done; 0
///   for all that is bound by memory
public record OperationCost(
    OperationKind kind, String name, long positions, long calls, double seconds, double flops) {}
