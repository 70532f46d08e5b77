package dev.latente.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The bytes are those of GNU's assembler 2.40 for the instruction named, with distances of 32
/// bits.
class AssemblerTest {
  private static String bytes(Consumer<Assembler> write) {
    Assembler assembler = new Assembler();
    write.accept(assembler);
    return HexFormat.ofDelimiter(" ").formatHex(assembler.bytes());
  }

  @Test
  void addsAndMoves() {
    // mov $0x140,%r14
    assertThat(bytes(code -> code.set(Assembler.R14, 0x140))).isEqualTo("49 c7 c6 40 01 00 00");
    // mov %r9,%rdx
    assertThat(bytes(code -> code.copy(Assembler.RDX, Assembler.R9))).isEqualTo("4c 89 ca");
    // mov 0x228(%rdi),%r13
    assertThat(bytes(code -> code.load(Assembler.R13, Assembler.RDI, 0x228)))
        .isEqualTo("4c 8b af 28 02 00 00");
    // mov %rax,0x20(%rdi)
    assertThat(bytes(code -> code.store(Assembler.RAX, Assembler.RDI, 0x20)))
        .isEqualTo("48 89 87 20 00 00 00");
    // mov 0xc0(%rdi,%rbx,8),%rax
    assertThat(bytes(code -> code.load(Assembler.RAX, Assembler.RDI, Assembler.RBX, 0xc0)))
        .isEqualTo("48 8b 84 df c0 00 00 00");
    // mov 0x1c0(%r8,%r9,8),%r10
    assertThat(bytes(code -> code.load(Assembler.R10, Assembler.R8, Assembler.R9, 0x1c0)))
        .isEqualTo("4f 8b 94 c8 c0 01 00 00");
    // add %r10,%rax
    assertThat(bytes(code -> code.add(Assembler.RAX, Assembler.R10))).isEqualTo("4c 01 d0");
    // rex.W prefetcht0 0x440(%rax)
    assertThat(bytes(code -> code.prefetch(Assembler.RAX, 0x440)))
        .isEqualTo("48 0f 18 88 40 04 00 00");
    // add 0x220(%rdi),%r11
    assertThat(bytes(code -> code.add(Assembler.R11, Assembler.RDI, 0x220)))
        .isEqualTo("4c 03 9f 20 02 00 00");
    // add $0x800,%r12
    assertThat(bytes(code -> code.addNumber(Assembler.R12, 0x800)))
        .isEqualTo("49 81 c4 00 08 00 00");
    // addq $-0x200,0x240(%rdi)
    assertThat(bytes(code -> code.addNumberToMemory(Assembler.RDI, 0x240, -0x200)))
        .isEqualTo("48 81 87 40 02 00 00 00 fe ff ff");
    // add %r10,0x50(%rdi)
    assertThat(bytes(code -> code.addToMemory(Assembler.RDI, 0x50, Assembler.R10)))
        .isEqualTo("4c 01 97 50 00 00 00");
    // shl $4,%rbp
    assertThat(bytes(code -> code.shiftLeft(Assembler.RBP, 4))).isEqualTo("48 c1 e5 04");
    // cmp %r9,%rbx
    assertThat(bytes(code -> code.compare(Assembler.RBX, Assembler.R9))).isEqualTo("4c 39 cb");
  }

  @Test
  void jumps() {
    assertThat(
            bytes(code -> {
              int back = code.here();
              int ahead = code.jumpAhead(When.ZERO); // je 0xc
              int always = code.jumpAhead(When.ALWAYS); // jmp 0x12
              code.ret();
              code.land(ahead);
              code.jumpBack(When.NOT_ZERO, back); // jne 0
              code.land(always);
            }))
        .isEqualTo("0f 84 06 00 00 00 e9 07 00 00 00 c3 0f 85 ee ff ff ff");
  }

  @Test
  void speaksToTheUnitForTiles() {
    // ldtilecfg 0x80(%rdi)
    assertThat(bytes(code -> code.configure(Assembler.RDI, 0x80)))
        .isEqualTo("c4 e2 78 49 87 80 00 00 00");
    // tilerelease
    assertThat(bytes(Assembler::release)).isEqualTo("c4 e2 78 49 c0");
    // tilezero %tmm3
    assertThat(bytes(code -> code.clear(3))).isEqualTo("c4 e2 7b 49 d8");
    // tileloadd 0x800(%rsi,%r14,1),%tmm6
    assertThat(bytes(code -> code.loadTile(6, Assembler.RSI, 0x800, Assembler.R14)))
        .isEqualTo("c4 a2 7b 4b b4 36 00 08 00 00");
    // tileloadd 0x140(%r10,%r15,1),%tmm1
    assertThat(bytes(code -> code.loadTile(1, Assembler.R10, 0x140, Assembler.R15)))
        .isEqualTo("c4 82 7b 4b 8c 3a 40 01 00 00");
    // tilestored %tmm1,0x240(%rdx,%r15,1)
    assertThat(bytes(code -> code.storeTile(1, Assembler.RDX, 0x240, Assembler.R15)))
        .isEqualTo("c4 a2 7a 4b 8c 3a 40 02 00 00");
    // tdpbf16ps %tmm6,%tmm4,%tmm0
    assertThat(bytes(code -> code.dot(0, 4, 6))).isEqualTo("c4 e2 4a 5c c4");
    // tdpbf16ps %tmm7,%tmm5,%tmm3
    assertThat(bytes(code -> code.dot(3, 5, 7))).isEqualTo("c4 e2 42 5c dd");
  }

  @Test
  void combinesVectors() {
    // vaddps 0x40(%rax),%zmm1,%zmm2
    assertThat(bytes(code -> code.each(Each.ADD, 2, 1, Assembler.RAX, 0x40)))
        .isEqualTo("62 f1 74 48 58 90 40 00 00 00");
    // vmaxps 0x80(%r8),%zmm27,%zmm17
    assertThat(bytes(code -> code.each(Each.GREATER, 17, 27, Assembler.R8, 0x80)))
        .isEqualTo("62 c1 24 40 5f 88 80 00 00 00");
    // vsubps %zmm26,%zmm3,%zmm14
    assertThat(bytes(code -> code.each(Each.SUBTRACT, 14, 3, 26))).isEqualTo("62 11 64 48 5c f2");
    // vmulps %zmm11,%zmm30,%zmm12
    assertThat(bytes(code -> code.each(Each.MULTIPLY, 12, 30, 11))).isEqualTo("62 51 0c 40 59 e3");
    // vfmadd213ps %zmm19,%zmm2,%zmm5
    assertThat(bytes(code -> code.each(Each.TIMES_AND_PLUS, 5, 2, 19)))
        .isEqualTo("62 b2 6d 48 a8 eb");
    // vdivps %zmm26,%zmm3,%zmm14
    assertThat(bytes(code -> code.each(Each.DIVIDE, 14, 3, 26))).isEqualTo("62 11 64 48 5e f2");
    // vminps %zmm11,%zmm30,%zmm12
    assertThat(bytes(code -> code.each(Each.LESSER, 12, 30, 11))).isEqualTo("62 51 0c 40 5d e3");
    // vfmadd231ps %zmm19,%zmm2,%zmm5
    assertThat(bytes(code -> code.each(Each.PLUS_PRODUCT, 5, 2, 19)))
        .isEqualTo("62 b2 6d 48 b8 eb");
    // vaddps 0x80(%r11,%r9,1),%zmm17,%zmm24
    assertThat(bytes(code -> code.addVector(24, 17, Assembler.R11, Assembler.R9, 0x80)))
        .isEqualTo("62 01 74 40 58 84 0b 80 00 00 00");
    // vpaddd %zmm16,%zmm5,%zmm6
    assertThat(bytes(code -> code.each(Each.ADD_WHOLE, 6, 5, 16))).isEqualTo("62 b1 55 48 fe f0");
    // vpandd %zmm17,%zmm6,%zmm6
    assertThat(bytes(code -> code.each(Each.AND, 6, 6, 17))).isEqualTo("62 b1 4d 48 db f1");
    // vpord %zmm31,%zmm8,%zmm8
    assertThat(bytes(code -> code.each(Each.OR, 8, 8, 31))).isEqualTo("62 11 3d 48 eb c7");
    // vpxord %zmm0,%zmm0,%zmm0
    assertThat(bytes(code -> code.each(Each.EXCLUSIVE_OR, 0, 0, 0))).isEqualTo("62 f1 7d 48 ef c0");
  }

  @Test
  void makesWholeNumbersAndAddsTheirProducts() {
    // vcvtps2dq %zmm9,%zmm21
    assertThat(bytes(code -> code.each(Each.TO_WHOLE, 21, 9))).isEqualTo("62 c1 7d 48 5b e9");
    // vcvtdq2ps %zmm3,%zmm18
    assertThat(bytes(code -> code.each(Each.FROM_WHOLE, 18, 3))).isEqualTo("62 e1 7c 48 5b d3");
    // vpdpwssd %zmm17,%zmm20,%zmm3
    assertThat(bytes(code -> code.each(Each.PLUS_PAIRS, 3, 20, 17))).isEqualTo("62 b2 5d 40 52 d9");
    // vrcp14ps %zmm4,%zmm17
    assertThat(bytes(code -> code.each(Each.NEAR_INVERSE, 17, 4))).isEqualTo("62 e2 7d 48 4c cc");
    // vrsqrt14ps %zmm25,%zmm6
    assertThat(bytes(code -> code.each(Each.NEAR_INVERSE_ROOT, 6, 25)))
        .isEqualTo("62 92 7d 48 4e f1");
  }

  @Test
  void choosesLanes() {
    // vcmpge_oqps %zmm20,%zmm3,%k1
    assertThat(bytes(code -> code.compareAtLeast(3, 20))).isEqualTo("62 b1 64 48 c2 cc 1d");
    // vsubps %zmm3,%zmm20,%zmm3{%k1}; vsubps %zmm26,%zmm3,%zmm14
    assertThat(
            bytes(code -> {
              code.eachWhere(Each.SUBTRACT, 3, 20, 3);
              code.each(Each.SUBTRACT, 14, 3, 26);
            }))
        .isEqualTo("62 f1 5c 41 5c db 62 11 64 48 5c f2");
  }

  @Test
  void movesVectors() {
    // vmovaps %zmm18,%zmm25
    assertThat(bytes(code -> code.copyVector(25, 18))).isEqualTo("62 21 7c 48 28 ca");
    // vmovups 0x100(%rsi),%zmm9
    assertThat(bytes(code -> code.loadVector(9, Assembler.RSI, 0x100)))
        .isEqualTo("62 71 7c 48 10 8e 00 01 00 00");
    // vmovups %zmm28,0x40(%r13)
    assertThat(bytes(code -> code.storeVector(28, Assembler.R13, 0x40)))
        .isEqualTo("62 41 7c 48 11 a5 40 00 00 00");
    // vmovups 0x40(%rax,%rcx,1),%zmm9
    assertThat(bytes(code -> code.loadVector(9, Assembler.RAX, Assembler.RCX, 0x40)))
        .isEqualTo("62 71 7c 48 10 8c 08 40 00 00 00");
    // vmovups 0x100(%rsi,%r9,1),%zmm25
    assertThat(bytes(code -> code.loadVector(25, Assembler.RSI, Assembler.R9, 0x100)))
        .isEqualTo("62 21 7c 48 10 8c 0e 00 01 00 00");
    // vmovups %zmm28,0x40(%r11,%rcx,1)
    assertThat(bytes(code -> code.storeVector(28, Assembler.R11, Assembler.RCX, 0x40)))
        .isEqualTo("62 41 7c 48 11 a4 0b 40 00 00 00");
    // vpbroadcastd %eax,%zmm31
    assertThat(bytes(code -> code.spreadLow(31, Assembler.RAX))).isEqualTo("62 62 7d 48 7c f8");
    // vbroadcastss 0x24(%rdi),%zmm20
    assertThat(bytes(code -> code.spread(20, Assembler.RDI, 0x24)))
        .isEqualTo("62 e2 7d 48 18 a7 24 00 00 00");
    // vcvtph2ps 0x120(%rsi),%zmm17
    assertThat(bytes(code -> code.loadHalves(17, Assembler.RSI, 0x120)))
        .isEqualTo("62 e2 7d 48 13 8e 20 01 00 00");
    // vpmovzxwd 0x40(%r9),%zmm8
    assertThat(bytes(code -> code.loadShorts(8, Assembler.R9, 0x40)))
        .isEqualTo("62 52 7d 48 33 81 40 00 00 00");
    // vmovss %xmm9,(%r9), with the option -mevexlig=512
    assertThat(bytes(code -> code.storeFirst(9, Assembler.R9, 0)))
        .isEqualTo("62 51 7e 48 11 89 00 00 00 00");
    // vzeroupper
    assertThat(bytes(Assembler::forgetUpperLanes)).isEqualTo("c5 f8 77");
  }

  @Test
  void movesWithinVectors() {
    // vpslld $23,%zmm3,%zmm29
    assertThat(bytes(code -> code.shiftLanesLeft(29, 3, 23))).isEqualTo("62 f1 15 40 72 f3 17");
    // vpsrld $16,%zmm22,%zmm7
    assertThat(bytes(code -> code.shiftLanesRight(7, 22, 16))).isEqualTo("62 b1 45 48 72 d6 10");
    // vrndscaleps $2,%zmm24,%zmm1
    assertThat(bytes(code -> code.roundUp(1, 24))).isEqualTo("62 93 7d 48 08 c8 02");
    // vshuff32x4 $0x4e,%zmm17,%zmm17,%zmm3
    assertThat(bytes(code -> code.swap(3, 17, 8))).isEqualTo("62 b3 75 40 23 d9 4e");
    // vshuff32x4 $0xb1,%zmm1,%zmm1,%zmm2
    assertThat(bytes(code -> code.swap(2, 1, 4))).isEqualTo("62 f3 75 48 23 d1 b1");
    // vshuff32x4 $0x88,%zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.quarters(17, 20, 3, 0x88))).isEqualTo("62 e3 5d 40 23 cb 88");
    // vpunpckldq %zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.each(Each.LOWER_WORDS, 17, 20, 3)))
        .isEqualTo("62 e1 5d 40 62 cb");
    // vpunpckhdq %zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.each(Each.UPPER_WORDS, 17, 20, 3)))
        .isEqualTo("62 e1 5d 40 6a cb");
    // vpunpcklqdq %zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.each(Each.LOWER_PAIRS, 17, 20, 3)))
        .isEqualTo("62 e1 dd 40 6c cb");
    // vpunpckhqdq %zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.each(Each.UPPER_PAIRS, 17, 20, 3)))
        .isEqualTo("62 e1 dd 40 6d cb");
    // vpermw %zmm3,%zmm20,%zmm17
    assertThat(bytes(code -> code.each(Each.PERMUTE_SHORTS, 17, 20, 3)))
        .isEqualTo("62 e2 dd 40 8d cb");
    // vpermilps $0x4e,%zmm20,%zmm1
    assertThat(bytes(code -> code.swap(1, 20, 2))).isEqualTo("62 b3 7d 48 04 cc 4e");
    // vpermilps $0xb1,%zmm1,%zmm21
    assertThat(bytes(code -> code.swap(21, 1, 1))).isEqualTo("62 e3 7d 48 04 e9 b1");
  }
}
