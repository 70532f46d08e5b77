package dev.latente.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Instructions of x86-64, of its vectors and of its unit for tiles as bytes, as [Intel's
/// manual](https://www.intel.com/sdm), volume 2, has them. Registers of 64 bits are numbers 0 to 15
/// (`rax`, `rcx`, `rdx`, `rbx`, `rsp`, `rbp`, `rsi`, `rdi`, `r8` to `r15`), of 16 lanes of 32 bits
/// 0 to 31, of tiles 0 to 7.
///
/// Not thread-safe.
final class Assembler {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  // How operands are said: a register; an address in one with a distance of 32 bits; the same with
  // another one added.
  private static final int DIRECT = 0xc0;
  private static final int DISTANT = 0x80;
  private static final int INDEXED = 4;

  private static final int WIDE = 0x48; // 64 bits; further bits: see #wide
  private static final int EIGHT_BYTES = 3 << 6; // an index counts so many
  private static final int LOW_BITS = 7;

  // Prefix 0xc4, with which instructions of tiles begin: it says which table of opcodes is meant,
  // and the three highest bits of registers, turned over.
  private static final int VECTOR = 0xc4;
  private static final int TABLE = 2;
  private static final int PLAIN = 0;
  private static final int F3 = 2;
  private static final int F2 = 3;
  private static final int NO_OPERAND = 15;
  private static final int OTHER = 0x49;
  private static final int MOVE = 0x4b;
  private static final int DOT = 0x5c;

  // Prefix 0x62, with which instructions of vectors of 512 bits begin: as 0xc4, for 32 registers.
  private static final int WIDE_VECTOR = 0x62;
  private static final int ALL_LANES = 0x40;
  private static final int CHOSEN_LANES = 1; // in addition to those: by the mask k1
  private static final int FIXED = 4;
  private static final int NO_VECTOR = 0;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int chosen;

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /// Where the next instruction will be.
  int here() {
    return bytes.size();
  }

  private void write(int... all) {
    for (int each : all) {
      bytes.write(each);
    }
  }

  private void writeInt(int number) {
    bytes.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }

  private static int wide(int register, int index, int base) {
    return WIDE | register >> 3 << 2 | index >> 3 << 1 | base >> 3;
  }

  private static int operands(int kind, int register, int base) {
    return kind | (register & LOW_BITS) << 3 | base & LOW_BITS;
  }

  void push(int register) {
    write(wide(0, 0, register), 0x50 | register & LOW_BITS);
  }

  void pop(int register) {
    write(wide(0, 0, register), 0x58 | register & LOW_BITS);
  }

  void ret() {
    write(0xc3);
  }

  void set(int register, int number) {
    write(wide(0, 0, register), 0xc7, operands(DIRECT, 0, register));
    writeInt(number);
  }

  void copy(int to, int from) {
    write(wide(from, 0, to), 0x89, operands(DIRECT, from, to));
  }

  /// Loads 64 bits.
  ///
  /// @param base a register other than `rsp` and `r12`
  void load(int to, int base, int distance) {
    write(wide(to, 0, base), 0x8b, operands(DISTANT, to, base));
    writeInt(distance);
  }

  /// Stores 64 bits.
  ///
  /// @param base a register other than `rsp` and `r12`
  void store(int from, int base, int distance) {
    write(wide(from, 0, base), 0x89, operands(DISTANT, from, base));
    writeInt(distance);
  }

  /// Loads 64 bits from `base + 8 · index + distance`.
  void load(int to, int base, int index, int distance) {
    write(wide(to, index, base), 0x8b, operands(DISTANT, to, INDEXED));
    write(operands(EIGHT_BYTES, index, base));
    writeInt(distance);
  }

  /// Asks for what lies in memory to be brought to the nearest cache.
  ///
  /// @param base a register other than `rsp` and `r12`
  void prefetch(int base, int distance) {
    write(wide(0, 0, base), 0x0f, 0x18, operands(DISTANT, 1, base));
    writeInt(distance);
  }

  void add(int to, int register) {
    write(wide(register, 0, to), 0x01, operands(DIRECT, register, to));
  }

  /// Adds what lies in memory.
  ///
  /// @param base a register other than `rsp` and `r12`
  void add(int to, int base, int distance) {
    write(wide(to, 0, base), 0x03, operands(DISTANT, to, base));
    writeInt(distance);
  }

  void addNumber(int to, int number) {
    write(wide(0, 0, to), 0x81, operands(DIRECT, 0, to));
    writeInt(number);
  }

  /// Adds a register to 64 bits in memory.
  ///
  /// @param base a register other than `rsp` and `r12`
  void addToMemory(int base, int distance, int register) {
    write(wide(register, 0, base), 0x01, operands(DISTANT, register, base));
    writeInt(distance);
  }

  /// Adds to 64 bits in memory.
  ///
  /// @param base a register other than `rsp` and `r12`
  void addNumberToMemory(int base, int distance, int number) {
    write(wide(0, 0, base), 0x81, operands(DISTANT, 0, base));
    writeInt(distance);
    writeInt(number);
  }

  void shiftLeft(int register, int bits) {
    write(wide(0, 0, register), 0xc1, operands(DIRECT, 4, register), bits);
  }

  void compare(int register, int other) {
    write(wide(other, 0, register), 0x39, operands(DIRECT, other, register));
  }

  /// Jumps back to where [#here] was.
  void jumpBack(When when, int target) {
    write(0x0f, when.opcode());
    writeInt(target - here() - Integer.BYTES);
  }

  /// Jumps to where [#land] will be told of what is given back.
  int jumpAhead(When when) {
    if (when != When.ALWAYS) {
      write(0x0f);
    }
    write(when.opcode());
    writeInt(0);
    return here();
  }

  /// Lets a jump come here.
  void land(int jump) {
    byte[] all = bytes();
    ByteBuffer.wrap(all)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(jump - Integer.BYTES, all.length - jump);
    bytes.reset();
    bytes.writeBytes(all);
  }

  private void tiles(int prefix, int extra, int opcode, int register, int index, int base) {
    int high = (~(register >> 3) & 1) << 7 | (~(index >> 3) & 1) << 6 | (~(base >> 3) & 1) << 5;
    write(VECTOR, high | TABLE, (~extra & NO_OPERAND) << 3 | prefix, opcode);
  }

  /// Sets the unit up with the 64 bytes at `base + distance`.
  void configure(int base, int distance) {
    tiles(PLAIN, 0, OTHER, 0, 0, base);
    write(operands(DISTANT, 0, base));
    writeInt(distance);
  }

  void release() {
    tiles(PLAIN, 0, OTHER, 0, 0, 0);
    write(DIRECT);
  }

  void clear(int tile) {
    tiles(F2, 0, OTHER, tile, 0, 0);
    write(operands(DIRECT, tile, 0));
  }

  /// Loads a tile whose rows are `line` bytes apart, a register.
  void loadTile(int tile, int base, int distance, int line) {
    moveTile(F2, tile, base, distance, line);
  }

  void storeTile(int tile, int base, int distance, int line) {
    moveTile(F3, tile, base, distance, line);
  }

  private void moveTile(int prefix, int tile, int base, int distance, int line) {
    tiles(prefix, 0, MOVE, tile, line, base);
    write(operands(DISTANT, tile, INDEXED), operands(0, line, base));
    writeInt(distance);
  }

  /// Adds to a tile the products of the rows of `a` with the columns of `b`, pairs of bf16.
  void dot(int sum, int a, int b) {
    tiles(F3, b, DOT, sum, 0, a);
    write(operands(DIRECT, sum, a));
  }

  private void vector(int table, int prefix, int opcode, int to, int a, int high, int base) {
    int registers =
        (~(to >> 3) & 1) << 7 | (~high & 1) << 6 | (~(base >> 3) & 1) << 5 | (~(to >> 4) & 1) << 4;
    write(WIDE_VECTOR, registers | table);
    write((~a & NO_OPERAND) << 3 | FIXED | prefix);
    write(ALL_LANES | (~(a >> 4) & 1) << 3 | chosen, opcode);
  }

  private void vectors(int table, int prefix, int opcode, int to, int a, int b) {
    vector(table, prefix, opcode, to, a, b >> 4, b);
    write(operands(DIRECT, to, b));
  }

  private void vectorAt(int table, int prefix, int opcode, int to, int a, int base, int distance) {
    vector(table, prefix, opcode, to, a, 0, base);
    write(operands(DISTANT, to, base));
    writeInt(distance);
  }

  void each(Each operation, int to, int a, int b) {
    vectors(operation.table(), operation.prefix(), operation.opcode(), to, a, b);
  }

  /// Of one operand.
  void each(Each operation, int to, int from) {
    each(operation, to, NO_VECTOR, from);
  }

  /// As the first; the second operand lies in memory.
  ///
  /// @param base a register other than `rsp` and `r12`; so it is for what follows
  void each(Each operation, int to, int a, int base, int distance) {
    vectorAt(operation.table(), operation.prefix(), operation.opcode(), to, a, base, distance);
  }

  /// Chooses the lanes in which `a` is no less than `b`, for [#eachWhere].
  void compareAtLeast(int a, int b) {
    vectors(1, 0, 0xc2, CHOSEN_LANES, a, b);
    write(0x1d);
  }

  /// As [#each], in the lanes that were chosen; the others of the result's register stay.
  void eachWhere(Each operation, int to, int a, int b) {
    chosen = CHOSEN_LANES;
    each(operation, to, a, b);
    chosen = 0;
  }

  void copyVector(int to, int from) {
    vectors(1, 0, 0x28, to, NO_VECTOR, from);
  }

  void loadVector(int to, int base, int distance) {
    vectorAt(1, 0, 0x10, to, NO_VECTOR, base, distance);
  }

  void storeVector(int from, int base, int distance) {
    vectorAt(1, 0, 0x11, from, NO_VECTOR, base, distance);
  }

  /// Loads 16 numbers from `base + index + distance`.
  void loadVector(int to, int base, int index, int distance) {
    indexed(0x10, to, NO_VECTOR, base, index, distance);
  }

  /// Stores 16 numbers at `base + index + distance`.
  void storeVector(int from, int base, int index, int distance) {
    indexed(0x11, from, NO_VECTOR, base, index, distance);
  }

  /// Adds 16 numbers at `base + index + distance`.
  void addVector(int to, int a, int base, int index, int distance) {
    indexed(Each.ADD.opcode(), to, a, base, index, distance);
  }

  private void indexed(int opcode, int to, int a, int base, int index, int distance) {
    vector(1, 0, opcode, to, a, index >> 3, base);
    write(operands(DISTANT, to, INDEXED), operands(0, index, base));
    writeInt(distance);
  }

  /// Puts the low 32 bits of a register into all lanes.
  void spreadLow(int to, int register) {
    vectors(2, 1, 0x7c, to, NO_VECTOR, register);
  }

  /// Loads 32 bits into all lanes.
  void spread(int to, int base, int distance) {
    vectorAt(2, 1, 0x18, to, NO_VECTOR, base, distance);
  }

  /// Loads 16 numbers in f16, widened.
  void loadHalves(int to, int base, int distance) {
    vectorAt(2, 1, 0x13, to, NO_VECTOR, base, distance);
  }

  /// Loads 16 numbers of 16 bits, zeros being put before each.
  void loadShorts(int to, int base, int distance) {
    vectorAt(2, 1, 0x33, to, NO_VECTOR, base, distance);
  }

  /// Stores the first lane.
  void storeFirst(int from, int base, int distance) {
    vectorAt(1, 2, 0x11, from, NO_VECTOR, base, distance);
  }

  void shiftLanesLeft(int to, int from, int bits) {
    vectors(1, 1, 0x72, 6, to, from);
    write(bits);
  }

  /// Shifts each lane right, zeros coming in.
  void shiftLanesRight(int to, int from, int bits) {
    vectors(1, 1, 0x72, 2, to, from);
    write(bits);
  }

  /// Rounds each lane up to a whole number.
  void roundUp(int to, int from) {
    vectors(3, 1, 0x08, to, NO_VECTOR, from);
    write(2);
  }

  /// Lets lanes change places with those `apart` away.
  ///
  /// @param apart 8, 4, 2 or 1
  void swap(int to, int from, int apart) {
    boolean far = apart >= 4;
    int places = apart == 8 || apart == 2 ? 0x4e : 0xb1;
    vectors(3, 1, far ? 0x23 : 0x04, to, far ? from : NO_VECTOR, from);
    write(places);
  }

  /// Puts two quarters of `a` before two of `b`.
  ///
  /// @param places two bits for each
  void quarters(int to, int a, int b, int places) {
    vectors(3, 1, 0x23, to, a, b);
    write(places);
  }

  /// Says that the upper lanes are no longer needed, as other code expects.
  void forgetUpperLanes() {
    write(0xc5, 0xf8, 0x77);
  }
}
