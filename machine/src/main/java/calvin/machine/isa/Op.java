package calvin.machine.isa;

import static calvin.machine.isa.Extension.*;
import static calvin.machine.isa.Op.Kind.*;

import java.util.Locale;

/**
 * Every instruction, one line each, in the notation of the manual's own tables. Nothing else in the machine states an
 * encoding: decoder, assembler, disassembler, word generator and the engines' operand fields all come from these rows.
 *
 * <p>A pattern lists the fields from bit 31 (or 15) down: literal bits, {@code -} bits that are ignored, register
 * fields ({@code rd'} is the three-bit form for x8..x15), {@code imm[...]} pieces naming the bits of the immediate they
 * carry ({@code imm} is signed, {@code uimm} and {@code shamt} are not, {@code nz} must not be zero), {@code !=} values
 * a field must not have ({@code odd} for all odd ones). In the syntax, {@code fd}, {@code fs1} are the floating-point
 * registers in fields rd, rs1; {@code imm20} is the immediate shifted right by 12; {@code off} is an immediate relative
 * to the instruction's own address; {@code rm} may be left out and then means the dynamic rounding mode.
 *
 * <p>Sections are those of the unprivileged manual unless marked {@code priv}. To add an extension, add rows and run
 * {@code OpIndexTest}, which prints the new constants of {@link OpIndex}.
 */
public enum Op {
    // @formatter:off
    //               pattern                                        ext      kind     syntax                   section
    // RV32I and RV64I base, in the order of the listing in unpriv, "Instruction Set Listings"
    LUI            ("imm[31:12]              rd    0110111",       I,       ALU,     "rd, imm20",             "2.4.1"),
    AUIPC          ("imm[31:12]              rd    0010111",       I,       ALU,     "rd, imm20",             "2.4.1"),
    JAL            ("imm[20|10:1|11|19:12]   rd    1101111",       I,       JUMP,    "rd, off",               "2.5.1"),
    JALR           ("imm[11:0]     rs1   000 rd    1100111",       I,       JUMP,    "rd, imm(rs1)",          "2.5.1"),
    BEQ            ("imm[12|10:5] rs2 rs1  000 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    BNE            ("imm[12|10:5] rs2 rs1  001 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    BLT            ("imm[12|10:5] rs2 rs1  100 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    BGE            ("imm[12|10:5] rs2 rs1  101 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    BLTU           ("imm[12|10:5] rs2 rs1  110 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    BGEU           ("imm[12|10:5] rs2 rs1  111 imm[4:1|11] 1100011",I,       BRANCH,  "rs1, rs2, off",         "2.5.2"),
    LB             ("imm[11:0]     rs1   000 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LH             ("imm[11:0]     rs1   001 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LW             ("imm[11:0]     rs1   010 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LD             ("imm[11:0]     rs1   011 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LBU            ("imm[11:0]     rs1   100 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LHU            ("imm[11:0]     rs1   101 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    LWU            ("imm[11:0]     rs1   110 rd    0000011",       I,       LOAD,    "rd, imm(rs1)",          "2.6"),
    SB             ("imm[11:5] rs2 rs1     000 imm[4:0] 0100011",  I,       STORE,   "rs2, imm(rs1)",         "2.6"),
    SH             ("imm[11:5] rs2 rs1     001 imm[4:0] 0100011",  I,       STORE,   "rs2, imm(rs1)",         "2.6"),
    SW             ("imm[11:5] rs2 rs1     010 imm[4:0] 0100011",  I,       STORE,   "rs2, imm(rs1)",         "2.6"),
    SD             ("imm[11:5] rs2 rs1     011 imm[4:0] 0100011",  I,       STORE,   "rs2, imm(rs1)",         "2.6"),
    ADDI           ("imm[11:0]     rs1   000 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    SLTI           ("imm[11:0]     rs1   010 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    SLTIU          ("imm[11:0]     rs1   011 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    XORI           ("imm[11:0]     rs1   100 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    ORI            ("imm[11:0]     rs1   110 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    ANDI           ("imm[11:0]     rs1   111 rd    0010011",       I,       ALU,     "rd, rs1, imm",          "2.4.1"),
    SLLI           ("000000 shamt[5:0] rs1 001 rd    0010011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    SRLI           ("000000 shamt[5:0] rs1 101 rd    0010011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    SRAI           ("010000 shamt[5:0] rs1 101 rd    0010011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    ADD            ("0000000 rs2   rs1   000 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SUB            ("0100000 rs2   rs1   000 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SLL            ("0000000 rs2   rs1   001 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SLT            ("0000000 rs2   rs1   010 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SLTU           ("0000000 rs2   rs1   011 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    XOR            ("0000000 rs2   rs1   100 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SRL            ("0000000 rs2   rs1   101 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    SRA            ("0100000 rs2   rs1   101 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    OR             ("0000000 rs2   rs1   110 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    AND            ("0000000 rs2   rs1   111 rd    0110011",       I,       ALU,     "rd, rs1, rs2",          "2.4.2"),
    ADDIW          ("imm[11:0]     rs1   000 rd    0011011",       I,       ALU,     "rd, rs1, imm",          "4.2.1"),
    SLLIW          ("0000000 shamt[4:0] rs1 001 rd   0011011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    SRLIW          ("0000000 shamt[4:0] rs1 101 rd   0011011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    SRAIW          ("0100000 shamt[4:0] rs1 101 rd   0011011",     I,       ALU,     "rd, rs1, shamt",        "4.2.1"),
    ADDW           ("0000000 rs2   rs1   000 rd    0111011",       I,       ALU,     "rd, rs1, rs2",          "4.2.2"),
    SUBW           ("0100000 rs2   rs1   000 rd    0111011",       I,       ALU,     "rd, rs1, rs2",          "4.2.2"),
    SLLW           ("0000000 rs2   rs1   001 rd    0111011",       I,       ALU,     "rd, rs1, rs2",          "4.2.2"),
    SRLW           ("0000000 rs2   rs1   101 rd    0111011",       I,       ALU,     "rd, rs1, rs2",          "4.2.2"),
    SRAW           ("0100000 rs2   rs1   101 rd    0111011",       I,       ALU,     "rd, rs1, rs2",          "4.2.2"),
    FENCE          ("fm pred succ -----    000 ----- 0001111",     I,       ORDER,   "pred, succ",            "2.7"),
    FENCE_TSO      ("1000 0011 0011 ----- 000 ----- 0001111",      I,       ORDER,   "",                      "2.7"),
    ECALL          ("000000000000  00000 000 00000 1110011",       I,       SYSTEM,  "",                      "2.8"),
    EBREAK         ("000000000001  00000 000 00000 1110011",       I,       SYSTEM,  "",                      "2.8"),

    // Zifencei, Zicsr, Zihintpause, Zawrs
    FENCE_I        ("------------  ----- 001 ----- 0001111",       ZIFENCEI,SYSTEM,  "",                    "Zifencei"),
    CSRRW          ("csr           rs1   001 rd    1110011",       ZICSR,   CSR,     "rd, csr, rs1",          "Zicsr"),
    CSRRS          ("csr           rs1   010 rd    1110011",       ZICSR,   CSR,     "rd, csr, rs1",          "Zicsr"),
    CSRRC          ("csr           rs1   011 rd    1110011",       ZICSR,   CSR,     "rd, csr, rs1",          "Zicsr"),
    CSRRWI         ("csr           zimm  101 rd    1110011",       ZICSR,   CSR,     "rd, csr, zimm",         "Zicsr"),
    CSRRSI         ("csr           zimm  110 rd    1110011",       ZICSR,   CSR,     "rd, csr, zimm",         "Zicsr"),
    CSRRCI         ("csr           zimm  111 rd    1110011",       ZICSR,   CSR,     "rd, csr, zimm",         "Zicsr"),
    PAUSE          ("0000 0001 0000 00000 000 00000 0001111",      ZIHINTPAUSE,ORDER,   "",                      "8"),
    WRS_NTO        ("000000001101  00000 000 00000 1110011",       ZAWRS,   SYSTEM,  "",                      "Zawrs"),
    WRS_STO        ("000000011101  00000 000 00000 1110011",       ZAWRS,   SYSTEM,  "",                      "Zawrs"),

    // M
    MUL            ("0000001 rs2   rs1   000 rd    0110011",       M,       MULT,    "rd, rs1, rs2",          "M"),
    MULH           ("0000001 rs2   rs1   001 rd    0110011",       M,       MULT,    "rd, rs1, rs2",          "M"),
    MULHSU         ("0000001 rs2   rs1   010 rd    0110011",       M,       MULT,    "rd, rs1, rs2",          "M"),
    MULHU          ("0000001 rs2   rs1   011 rd    0110011",       M,       MULT,    "rd, rs1, rs2",          "M"),
    DIV            ("0000001 rs2   rs1   100 rd    0110011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    DIVU           ("0000001 rs2   rs1   101 rd    0110011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    REM            ("0000001 rs2   rs1   110 rd    0110011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    REMU           ("0000001 rs2   rs1   111 rd    0110011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    MULW           ("0000001 rs2   rs1   000 rd    0111011",       M,       MULT,    "rd, rs1, rs2",          "M"),
    DIVW           ("0000001 rs2   rs1   100 rd    0111011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    DIVUW          ("0000001 rs2   rs1   101 rd    0111011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    REMW           ("0000001 rs2   rs1   110 rd    0111011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),
    REMUW          ("0000001 rs2   rs1   111 rd    0111011",       M,       DIVIDE,  "rd, rs1, rs2",          "M"),

    // A
    LR_W           ("00010 aq rl 00000 rs1 010 rd    0101111",     A,       ATOMIC,  "rd, (rs1)",             "A"),
    SC_W           ("00011 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOSWAP_W      ("00001 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOADD_W       ("00000 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOXOR_W       ("00100 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOAND_W       ("01100 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOOR_W        ("01000 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMIN_W       ("10000 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMAX_W       ("10100 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMINU_W      ("11000 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMAXU_W      ("11100 aq rl rs2  rs1   010 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    LR_D           ("00010 aq rl 00000 rs1 011 rd    0101111",     A,       ATOMIC,  "rd, (rs1)",             "A"),
    SC_D           ("00011 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOSWAP_D      ("00001 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOADD_D       ("00000 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOXOR_D       ("00100 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOAND_D       ("01100 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOOR_D        ("01000 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMIN_D       ("10000 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMAX_D       ("10100 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMINU_D      ("11000 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),
    AMOMAXU_D      ("11100 aq rl rs2  rs1   011 rd    0101111",    A,       ATOMIC,  "rd, rs2, (rs1)",        "A"),

    // Zacas; a quadword is in pairs of registers, rd or rs2 and the next, of which the first is even
    AMOCAS_W       ("00101 aq rl rs2  rs1   010 rd    0101111",    ZACAS,   ATOMIC,  "rd, rs2, (rs1)",        "Zacas"),
    AMOCAS_D       ("00101 aq rl rs2  rs1   011 rd    0101111",    ZACAS,   ATOMIC,  "rd, rs2, (rs1)",        "Zacas"),
    AMOCAS_Q       ("00101 aq rl rs2!=odd rs1 100 rd!=odd 0101111",ZACAS,   ATOMIC,  "rd, rs2, (rs1)",        "Zacas"),

    // F
    FLW            ("imm[11:0]     rs1   010 rd    0000111",       F,       LOAD,    "fd, imm(rs1)",          "F"),
    FSW            ("imm[11:5] rs2 rs1     010 imm[4:0] 0100111",  F,       STORE,   "fs2, imm(rs1)",         "F"),
    FMADD_S        ("rs3 00 rs2    rs1   rm  rd    1000011",       F,       FMA,     "fd, fs1, fs2, fs3, rm", "F"),
    FMSUB_S        ("rs3 00 rs2    rs1   rm  rd    1000111",       F,       FMA,     "fd, fs1, fs2, fs3, rm", "F"),
    FNMSUB_S       ("rs3 00 rs2    rs1   rm  rd    1001011",       F,       FMA,     "fd, fs1, fs2, fs3, rm", "F"),
    FNMADD_S       ("rs3 00 rs2    rs1   rm  rd    1001111",       F,       FMA,     "fd, fs1, fs2, fs3, rm", "F"),
    FADD_S         ("0000000 rs2   rs1   rm  rd    1010011",       F,       FP,      "fd, fs1, fs2, rm",      "F"),
    FSUB_S         ("0000100 rs2   rs1   rm  rd    1010011",       F,       FP,      "fd, fs1, fs2, rm",      "F"),
    FMUL_S         ("0001000 rs2   rs1   rm  rd    1010011",       F,       FP,      "fd, fs1, fs2, rm",      "F"),
    FDIV_S         ("0001100 rs2   rs1   rm  rd    1010011",       F,       FPDIV,   "fd, fs1, fs2, rm",      "F"),
    FSQRT_S        ("0101100 00000 rs1   rm  rd    1010011",       F,       FPDIV,   "fd, fs1, rm",           "F"),
    FSGNJ_S        ("0010000 rs2   rs1   000 rd    1010011",       F,       FP,      "fd, fs1, fs2",          "F"),
    FSGNJN_S       ("0010000 rs2   rs1   001 rd    1010011",       F,       FP,      "fd, fs1, fs2",          "F"),
    FSGNJX_S       ("0010000 rs2   rs1   010 rd    1010011",       F,       FP,      "fd, fs1, fs2",          "F"),
    FMIN_S         ("0010100 rs2   rs1   000 rd    1010011",       F,       FP,      "fd, fs1, fs2",          "F"),
    FMAX_S         ("0010100 rs2   rs1   001 rd    1010011",       F,       FP,      "fd, fs1, fs2",          "F"),
    FEQ_S          ("1010000 rs2   rs1   010 rd    1010011",       F,       FP,      "rd, fs1, fs2",          "F"),
    FLT_S          ("1010000 rs2   rs1   001 rd    1010011",       F,       FP,      "rd, fs1, fs2",          "F"),
    FLE_S          ("1010000 rs2   rs1   000 rd    1010011",       F,       FP,      "rd, fs1, fs2",          "F"),
    FCLASS_S       ("1110000 00000 rs1   001 rd    1010011",       F,       FP,      "rd, fs1",               "F"),
    FCVT_W_S       ("1100000 00000 rs1   rm  rd    1010011",       F,       FP,      "rd, fs1, rm",           "F"),
    FCVT_WU_S      ("1100000 00001 rs1   rm  rd    1010011",       F,       FP,      "rd, fs1, rm",           "F"),
    FCVT_L_S       ("1100000 00010 rs1   rm  rd    1010011",       F,       FP,      "rd, fs1, rm",           "F"),
    FCVT_LU_S      ("1100000 00011 rs1   rm  rd    1010011",       F,       FP,      "rd, fs1, rm",           "F"),
    FCVT_S_W       ("1101000 00000 rs1   rm  rd    1010011",       F,       FP,      "fd, rs1, rm",           "F"),
    FCVT_S_WU      ("1101000 00001 rs1   rm  rd    1010011",       F,       FP,      "fd, rs1, rm",           "F"),
    FCVT_S_L       ("1101000 00010 rs1   rm  rd    1010011",       F,       FP,      "fd, rs1, rm",           "F"),
    FCVT_S_LU      ("1101000 00011 rs1   rm  rd    1010011",       F,       FP,      "fd, rs1, rm",           "F"),
    FMV_X_W        ("1110000 00000 rs1   000 rd    1010011",       F,       FP,      "rd, fs1",               "F"),
    FMV_W_X        ("1111000 00000 rs1   000 rd    1010011",       F,       FP,      "fd, rs1",               "F"),

    // D
    FLD            ("imm[11:0]     rs1   011 rd    0000111",       D,       LOAD,    "fd, imm(rs1)",          "D"),
    FSD            ("imm[11:5] rs2 rs1     011 imm[4:0] 0100111",  D,       STORE,   "fs2, imm(rs1)",         "D"),
    FMADD_D        ("rs3 01 rs2    rs1   rm  rd    1000011",       D,       FMA,     "fd, fs1, fs2, fs3, rm", "D"),
    FMSUB_D        ("rs3 01 rs2    rs1   rm  rd    1000111",       D,       FMA,     "fd, fs1, fs2, fs3, rm", "D"),
    FNMSUB_D       ("rs3 01 rs2    rs1   rm  rd    1001011",       D,       FMA,     "fd, fs1, fs2, fs3, rm", "D"),
    FNMADD_D       ("rs3 01 rs2    rs1   rm  rd    1001111",       D,       FMA,     "fd, fs1, fs2, fs3, rm", "D"),
    FADD_D         ("0000001 rs2   rs1   rm  rd    1010011",       D,       FP,      "fd, fs1, fs2, rm",      "D"),
    FSUB_D         ("0000101 rs2   rs1   rm  rd    1010011",       D,       FP,      "fd, fs1, fs2, rm",      "D"),
    FMUL_D         ("0001001 rs2   rs1   rm  rd    1010011",       D,       FP,      "fd, fs1, fs2, rm",      "D"),
    FDIV_D         ("0001101 rs2   rs1   rm  rd    1010011",       D,       FPDIV,   "fd, fs1, fs2, rm",      "D"),
    FSQRT_D        ("0101101 00000 rs1   rm  rd    1010011",       D,       FPDIV,   "fd, fs1, rm",           "D"),
    FSGNJ_D        ("0010001 rs2   rs1   000 rd    1010011",       D,       FP,      "fd, fs1, fs2",          "D"),
    FSGNJN_D       ("0010001 rs2   rs1   001 rd    1010011",       D,       FP,      "fd, fs1, fs2",          "D"),
    FSGNJX_D       ("0010001 rs2   rs1   010 rd    1010011",       D,       FP,      "fd, fs1, fs2",          "D"),
    FMIN_D         ("0010101 rs2   rs1   000 rd    1010011",       D,       FP,      "fd, fs1, fs2",          "D"),
    FMAX_D         ("0010101 rs2   rs1   001 rd    1010011",       D,       FP,      "fd, fs1, fs2",          "D"),
    FCVT_S_D       ("0100000 00001 rs1   rm  rd    1010011",       D,       FP,      "fd, fs1, rm",           "D"),
    FCVT_D_S       ("0100001 00000 rs1   rm  rd    1010011",       D,       FP,      "fd, fs1, rm",           "D"),
    FEQ_D          ("1010001 rs2   rs1   010 rd    1010011",       D,       FP,      "rd, fs1, fs2",          "D"),
    FLT_D          ("1010001 rs2   rs1   001 rd    1010011",       D,       FP,      "rd, fs1, fs2",          "D"),
    FLE_D          ("1010001 rs2   rs1   000 rd    1010011",       D,       FP,      "rd, fs1, fs2",          "D"),
    FCLASS_D       ("1110001 00000 rs1   001 rd    1010011",       D,       FP,      "rd, fs1",               "D"),
    FCVT_W_D       ("1100001 00000 rs1   rm  rd    1010011",       D,       FP,      "rd, fs1, rm",           "D"),
    FCVT_WU_D      ("1100001 00001 rs1   rm  rd    1010011",       D,       FP,      "rd, fs1, rm",           "D"),
    FCVT_L_D       ("1100001 00010 rs1   rm  rd    1010011",       D,       FP,      "rd, fs1, rm",           "D"),
    FCVT_LU_D      ("1100001 00011 rs1   rm  rd    1010011",       D,       FP,      "rd, fs1, rm",           "D"),
    FCVT_D_W       ("1101001 00000 rs1   rm  rd    1010011",       D,       FP,      "fd, rs1, rm",           "D"),
    FCVT_D_WU      ("1101001 00001 rs1   rm  rd    1010011",       D,       FP,      "fd, rs1, rm",           "D"),
    FCVT_D_L       ("1101001 00010 rs1   rm  rd    1010011",       D,       FP,      "fd, rs1, rm",           "D"),
    FCVT_D_LU      ("1101001 00011 rs1   rm  rd    1010011",       D,       FP,      "fd, rs1, rm",           "D"),
    FMV_X_D        ("1110001 00000 rs1   000 rd    1010011",       D,       FP,      "rd, fs1",               "D"),
    FMV_D_X        ("1111001 00000 rs1   000 rd    1010011",       D,       FP,      "fd, rs1",               "D"),

    // Zfhmin
    FLH            ("imm[11:0]     rs1   001 rd    0000111",       ZFHMIN,  LOAD,    "fd, imm(rs1)",          "Zfh"),
    FSH            ("imm[11:5] rs2 rs1     001 imm[4:0] 0100111",  ZFHMIN,  STORE,   "fs2, imm(rs1)",         "Zfh"),
    FCVT_S_H       ("0100000 00010 rs1   rm  rd    1010011",       ZFHMIN,  FP,      "fd, fs1, rm",           "Zfh"),
    FCVT_H_S       ("0100010 00000 rs1   rm  rd    1010011",       ZFHMIN,  FP,      "fd, fs1, rm",           "Zfh"),
    FCVT_D_H       ("0100001 00010 rs1   rm  rd    1010011",       ZFHMIN,  FP,      "fd, fs1, rm",           "Zfh"),
    FCVT_H_D       ("0100010 00001 rs1   rm  rd    1010011",       ZFHMIN,  FP,      "fd, fs1, rm",           "Zfh"),
    FMV_X_H        ("1110010 00000 rs1   000 rd    1010011",       ZFHMIN,  FP,      "rd, fs1",               "Zfh"),
    FMV_H_X        ("1111010 00000 rs1   000 rd    1010011",       ZFHMIN,  FP,      "fd, rs1",               "Zfh"),

    // Zfa; FLI's zimm is the number of the constant
    FLI_S          ("1111000 00001 zimm  000 rd    1010011",       ZFA,     FP,      "fd, zimm",              "Zfa"),
    FMINM_S        ("0010100 rs2   rs1   010 rd    1010011",       ZFA,     FP,      "fd, fs1, fs2",          "Zfa"),
    FMAXM_S        ("0010100 rs2   rs1   011 rd    1010011",       ZFA,     FP,      "fd, fs1, fs2",          "Zfa"),
    FROUND_S       ("0100000 00100 rs1   rm  rd    1010011",       ZFA,     FP,      "fd, fs1, rm",           "Zfa"),
    FROUNDNX_S     ("0100000 00101 rs1   rm  rd    1010011",       ZFA,     FP,      "fd, fs1, rm",           "Zfa"),
    FLEQ_S         ("1010000 rs2   rs1   100 rd    1010011",       ZFA,     FP,      "rd, fs1, fs2",          "Zfa"),
    FLTQ_S         ("1010000 rs2   rs1   101 rd    1010011",       ZFA,     FP,      "rd, fs1, fs2",          "Zfa"),
    FLI_D          ("1111001 00001 zimm  000 rd    1010011",       ZFA,     FP,      "fd, zimm",              "Zfa"),
    FMINM_D        ("0010101 rs2   rs1   010 rd    1010011",       ZFA,     FP,      "fd, fs1, fs2",          "Zfa"),
    FMAXM_D        ("0010101 rs2   rs1   011 rd    1010011",       ZFA,     FP,      "fd, fs1, fs2",          "Zfa"),
    FROUND_D       ("0100001 00100 rs1   rm  rd    1010011",       ZFA,     FP,      "fd, fs1, rm",           "Zfa"),
    FROUNDNX_D     ("0100001 00101 rs1   rm  rd    1010011",       ZFA,     FP,      "fd, fs1, rm",           "Zfa"),
    FCVTMOD_W_D    ("1100001 01000 rs1   001 rd    1010011",       ZFA,     FP,      "rd, fs1",               "Zfa"),
    FLEQ_D         ("1010001 rs2   rs1   100 rd    1010011",       ZFA,     FP,      "rd, fs1, fs2",          "Zfa"),
    FLTQ_D         ("1010001 rs2   rs1   101 rd    1010011",       ZFA,     FP,      "rd, fs1, fs2",          "Zfa"),

    // Zba
    ADD_UW         ("0000100 rs2   rs1   000 rd    0111011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH1ADD         ("0010000 rs2   rs1   010 rd    0110011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH2ADD         ("0010000 rs2   rs1   100 rd    0110011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH3ADD         ("0010000 rs2   rs1   110 rd    0110011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH1ADD_UW      ("0010000 rs2   rs1   010 rd    0111011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH2ADD_UW      ("0010000 rs2   rs1   100 rd    0111011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SH3ADD_UW      ("0010000 rs2   rs1   110 rd    0111011",       ZBA,     ALU,     "rd, rs1, rs2",          "Zba"),
    SLLI_UW        ("000010 shamt[5:0] rs1 001 rd    0011011",     ZBA,     ALU,     "rd, rs1, shamt",        "Zba"),

    // Zbb
    ANDN           ("0100000 rs2   rs1   111 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    ORN            ("0100000 rs2   rs1   110 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    XNOR           ("0100000 rs2   rs1   100 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    CLZ            ("011000000000  rs1   001 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    CTZ            ("011000000001  rs1   001 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    CPOP           ("011000000010  rs1   001 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    CLZW           ("011000000000  rs1   001 rd    0011011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    CTZW           ("011000000001  rs1   001 rd    0011011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    CPOPW          ("011000000010  rs1   001 rd    0011011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    MIN            ("0000101 rs2   rs1   100 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    MINU           ("0000101 rs2   rs1   101 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    MAX            ("0000101 rs2   rs1   110 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    MAXU           ("0000101 rs2   rs1   111 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    SEXT_B         ("011000000100  rs1   001 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    SEXT_H         ("011000000101  rs1   001 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    ZEXT_H         ("000010000000  rs1   100 rd    0111011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    ROL            ("0110000 rs2   rs1   001 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    ROR            ("0110000 rs2   rs1   101 rd    0110011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    ROLW           ("0110000 rs2   rs1   001 rd    0111011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    RORW           ("0110000 rs2   rs1   101 rd    0111011",       ZBB,     ALU,     "rd, rs1, rs2",          "Zbb"),
    RORI           ("011000 shamt[5:0] rs1 101 rd    0010011",     ZBB,     ALU,     "rd, rs1, shamt",        "Zbb"),
    RORIW          ("0110000 shamt[4:0] rs1 101 rd   0011011",     ZBB,     ALU,     "rd, rs1, shamt",        "Zbb"),
    ORC_B          ("001010000111  rs1   101 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),
    REV8           ("011010111000  rs1   101 rd    0010011",       ZBB,     ALU,     "rd, rs1",               "Zbb"),

    // Zbc, Zbs, Zicond
    CLMUL          ("0000101 rs2   rs1   001 rd    0110011",       ZBC,     ALU,     "rd, rs1, rs2",          "Zbc"),
    CLMULR         ("0000101 rs2   rs1   010 rd    0110011",       ZBC,     ALU,     "rd, rs1, rs2",          "Zbc"),
    CLMULH         ("0000101 rs2   rs1   011 rd    0110011",       ZBC,     ALU,     "rd, rs1, rs2",          "Zbc"),
    BCLR           ("0100100 rs2   rs1   001 rd    0110011",       ZBS,     ALU,     "rd, rs1, rs2",          "Zbs"),
    BEXT           ("0100100 rs2   rs1   101 rd    0110011",       ZBS,     ALU,     "rd, rs1, rs2",          "Zbs"),
    BINV           ("0110100 rs2   rs1   001 rd    0110011",       ZBS,     ALU,     "rd, rs1, rs2",          "Zbs"),
    BSET           ("0010100 rs2   rs1   001 rd    0110011",       ZBS,     ALU,     "rd, rs1, rs2",          "Zbs"),
    BCLRI          ("010010 shamt[5:0] rs1 001 rd    0010011",     ZBS,     ALU,     "rd, rs1, shamt",        "Zbs"),
    BEXTI          ("010010 shamt[5:0] rs1 101 rd    0010011",     ZBS,     ALU,     "rd, rs1, shamt",        "Zbs"),
    BINVI          ("011010 shamt[5:0] rs1 001 rd    0010011",     ZBS,     ALU,     "rd, rs1, shamt",        "Zbs"),
    BSETI          ("001010 shamt[5:0] rs1 001 rd    0010011",     ZBS,     ALU,     "rd, rs1, shamt",        "Zbs"),
    CZERO_EQZ      ("0000111 rs2   rs1   101 rd    0110011",       ZICOND,  ALU,     "rd, rs1, rs2",          "Zicond"),
    CZERO_NEZ      ("0000111 rs2   rs1   111 rd    0110011",       ZICOND,  ALU,     "rd, rs1, rs2",          "Zicond"),

    // Zicbom, Zicboz; the prefetches of Zicbop are ORI with rd=x0, which does nothing
    CBO_INVAL      ("000000000000  rs1   010 00000 0001111",       ZICBOM,  CACHE,   "(rs1)",                 "CMO"),
    CBO_CLEAN      ("000000000001  rs1   010 00000 0001111",       ZICBOM,  CACHE,   "(rs1)",                 "CMO"),
    CBO_FLUSH      ("000000000010  rs1   010 00000 0001111",       ZICBOM,  CACHE,   "(rs1)",                 "CMO"),
    CBO_ZERO       ("000000000100  rs1   010 00000 0001111",       ZICBOZ,  CACHE,   "(rs1)",                 "CMO"),

    // Privileged
    SRET           ("0001000 00010 00000 000 00000 1110011",       S,       SYSTEM,  "",                  "priv 3.3.2"),
    MRET           ("0011000 00010 00000 000 00000 1110011",       MACHINE, SYSTEM,  "",                  "priv 3.3.2"),
    WFI            ("0001000 00101 00000 000 00000 1110011",       MACHINE, SYSTEM,  "",                  "priv 3.3.3"),
    SFENCE_VMA     ("0001001 rs2   rs1   000 00000 1110011",       S,       SYSTEM,  "rs1, rs2",              "priv S"),
    SINVAL_VMA     ("0001011 rs2   rs1   000 00000 1110011",       SVINVAL, SYSTEM,  "rs1, rs2",             "Svinval"),
    SFENCE_W_INVAL ("0001100 00000 00000 000 00000 1110011",       SVINVAL, SYSTEM,  "",                     "Svinval"),
    SFENCE_INVAL_IR("0001100 00001 00000 000 00000 1110011",       SVINVAL, SYSTEM,  "",                     "Svinval"),

    // H
    HFENCE_VVMA    ("0010001 rs2   rs1   000 00000 1110011",       H,       SYSTEM,  "rs1, rs2",              "priv H"),
    HFENCE_GVMA    ("0110001 rs2   rs1   000 00000 1110011",       H,       SYSTEM,  "rs1, rs2",              "priv H"),
    HINVAL_VVMA    ("0010011 rs2   rs1   000 00000 1110011",       SVINVAL, SYSTEM,  "rs1, rs2",             "Svinval"),
    HINVAL_GVMA    ("0110011 rs2   rs1   000 00000 1110011",       SVINVAL, SYSTEM,  "rs1, rs2",             "Svinval"),
    HLV_B          ("0110000 00000 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_BU         ("0110000 00001 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_H          ("0110010 00000 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_HU         ("0110010 00001 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLVX_HU        ("0110010 00011 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_W          ("0110100 00000 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_WU         ("0110100 00001 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLVX_WU        ("0110100 00011 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HLV_D          ("0110110 00000 rs1   100 rd    1110011",       H,       HYPLOAD, "rd, (rs1)",             "priv H"),
    HSV_B          ("0110001 rs2   rs1   100 00000 1110011",       H,       HYPSTORE,"rs2, (rs1)",            "priv H"),
    HSV_H          ("0110011 rs2   rs1   100 00000 1110011",       H,       HYPSTORE,"rs2, (rs1)",            "priv H"),
    HSV_W          ("0110101 rs2   rs1   100 00000 1110011",       H,       HYPSTORE,"rs2, (rs1)",            "priv H"),
    HSV_D          ("0110111 rs2   rs1   100 00000 1110011",       H,       HYPSTORE,"rs2, (rs1)",            "priv H"),

    // C and others: what a form expands to, its operands in the order of that instruction's syntax
    C_ADDI4SPN ("000 nzuimm[5:4|9:6|2|3] rd' 00",         "rd', sp, nzuimm",    ADDI,   "rd', sp, nzuimm"),
    C_FLD      ("001 uimm[5:3] rs1' uimm[7:6] rd' 00",    "fd', uimm(rs1')",    FLD,    "fd', uimm(rs1')"),
    C_LW       ("010 uimm[5:3] rs1' uimm[2|6] rd' 00",    "rd', uimm(rs1')",    LW,     "rd', uimm(rs1')"),
    C_LD       ("011 uimm[5:3] rs1' uimm[7:6] rd' 00",    "rd', uimm(rs1')",    LD,     "rd', uimm(rs1')"),
    C_FSD      ("101 uimm[5:3] rs1' uimm[7:6] rs2' 00",   "fs2', uimm(rs1')",   FSD,    "fs2', uimm(rs1')"),
    C_SW       ("110 uimm[5:3] rs1' uimm[2|6] rs2' 00",   "rs2', uimm(rs1')",   SW,     "rs2', uimm(rs1')"),
    C_SD       ("111 uimm[5:3] rs1' uimm[7:6] rs2' 00",   "rs2', uimm(rs1')",   SD,     "rs2', uimm(rs1')"),
    C_NOP      ("000 imm[5] 00000 imm[4:0] 01",           "imm",                ADDI,   "zero, zero, imm"),
    C_ADDI     ("000 imm[5] rd!=0 imm[4:0] 01",           "rd, imm",            ADDI,   "rd, rd, imm"),
    C_ADDIW    ("001 imm[5] rd!=0 imm[4:0] 01",           "rd, imm",            ADDIW,  "rd, rd, imm"),
    C_LI       ("010 imm[5] rd imm[4:0] 01",              "rd, imm",            ADDI,   "rd, zero, imm"),
    C_ADDI16SP ("011 nzimm[9] 00010 nzimm[4|6|8:7|5] 01", "sp, nzimm",          ADDI,   "sp, sp, nzimm"),
    C_LUI      ("011 nzimm[17] rd!=2 nzimm[16:12] 01",    "rd, imm20",          LUI,    "rd, imm20"),
    C_SRLI     ("100 shamt[5] 00 rd' shamt[4:0] 01",      "rd', shamt",         SRLI,   "rd', rd', shamt"),
    C_SRAI     ("100 shamt[5] 01 rd' shamt[4:0] 01",      "rd', shamt",         SRAI,   "rd', rd', shamt"),
    C_ANDI     ("100 imm[5] 10 rd' imm[4:0] 01",          "rd', imm",           ANDI,   "rd', rd', imm"),
    C_SUB      ("100 0 11 rd' 00 rs2' 01",                "rd', rs2'",          SUB,    "rd', rd', rs2'"),
    C_XOR      ("100 0 11 rd' 01 rs2' 01",                "rd', rs2'",          XOR,    "rd', rd', rs2'"),
    C_OR       ("100 0 11 rd' 10 rs2' 01",                "rd', rs2'",          OR,     "rd', rd', rs2'"),
    C_AND      ("100 0 11 rd' 11 rs2' 01",                "rd', rs2'",          AND,    "rd', rd', rs2'"),
    C_SUBW     ("100 1 11 rd' 00 rs2' 01",                "rd', rs2'",          SUBW,   "rd', rd', rs2'"),
    C_ADDW     ("100 1 11 rd' 01 rs2' 01",                "rd', rs2'",          ADDW,   "rd', rd', rs2'"),
    C_J        ("101 imm[11|4|9:8|10|6|7|3:1|5] 01",      "off",                JAL,    "zero, off"),
    C_BEQZ     ("110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01",  "rs1', off",          BEQ,    "rs1', zero, off"),
    C_BNEZ     ("111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01",  "rs1', off",          BNE,    "rs1', zero, off"),
    C_SLLI     ("000 shamt[5] rd shamt[4:0] 10",          "rd, shamt",          SLLI,   "rd, rd, shamt"),
    C_FLDSP    ("001 uimm[5] rd uimm[4:3|8:6] 10",        "fd, uimm(sp)",       FLD,    "fd, uimm(sp)"),
    C_LWSP     ("010 uimm[5] rd!=0 uimm[4:2|7:6] 10",     "rd, uimm(sp)",       LW,     "rd, uimm(sp)"),
    C_LDSP     ("011 uimm[5] rd!=0 uimm[4:3|8:6] 10",     "rd, uimm(sp)",       LD,     "rd, uimm(sp)"),
    C_JR       ("100 0 rs1!=0 00000 10",                  "rs1",                JALR,   "zero, 0(rs1)"),
    C_MV       ("100 0 rd rs2!=0 10",                     "rd, rs2",            ADD,    "rd, zero, rs2"),
    C_EBREAK   ("100 1 00000 00000 10",                   "",                   EBREAK, ""),
    C_JALR     ("100 1 rs1!=0 00000 10",                  "rs1",                JALR,   "ra, 0(rs1)"),
    C_ADD      ("100 1 rd rs2!=0 10",                     "rd, rs2",            ADD,    "rd, rd, rs2"),
    C_FSDSP    ("101 uimm[5:3|8:6] rs2 10",               "fs2, uimm(sp)",      FSD,    "fs2, uimm(sp)"),
    C_SWSP     ("110 uimm[5:2|7:6] rs2 10",               "rs2, uimm(sp)",      SW,     "rs2, uimm(sp)"),
    C_SDSP     ("111 uimm[5:3|8:6] rs2 10",               "rs2, uimm(sp)",      SD,     "rs2, uimm(sp)"),
    C_LBU      ("100 000 rs1' uimm[0|1] rd' 00",     ZCB, "rd', uimm(rs1')",    LBU,    "rd', uimm(rs1')"),
    C_LHU      ("100 001 rs1' 0 uimm[1] rd' 00",     ZCB, "rd', uimm(rs1')",    LHU,    "rd', uimm(rs1')"),
    C_LH       ("100 001 rs1' 1 uimm[1] rd' 00",     ZCB, "rd', uimm(rs1')",    LH,     "rd', uimm(rs1')"),
    C_SB       ("100 010 rs1' uimm[0|1] rs2' 00",    ZCB, "rs2', uimm(rs1')",   SB,     "rs2', uimm(rs1')"),
    C_SH       ("100 011 rs1' 0 uimm[1] rs2' 00",    ZCB, "rs2', uimm(rs1')",   SH,     "rs2', uimm(rs1')"),
    C_ZEXT_B   ("100 1 11 rd' 11 000 01",            ZCB, "rd'",                ANDI,   "rd', rd', 255"),
    C_SEXT_B   ("100 1 11 rd' 11 001 01",            ZCB, "rd'",                SEXT_B, "rd', rd'"),
    C_ZEXT_H   ("100 1 11 rd' 11 010 01",            ZCB, "rd'",                ZEXT_H, "rd', rd'"),
    C_SEXT_H   ("100 1 11 rd' 11 011 01",            ZCB, "rd'",                SEXT_H, "rd', rd'"),
    C_ZEXT_W   ("100 1 11 rd' 11 100 01",            ZCB, "rd'",                ADD_UW, "rd', rd', zero"),
    C_NOT      ("100 1 11 rd' 11 101 01",            ZCB, "rd'",                XORI,   "rd', rd', -1"),
    C_MUL      ("100 1 11 rd' 10 rs2' 01",           ZCB, "rd', rs2'",          MUL,    "rd', rd', rs2'"),
    C_MOP      ("011 00 uimm[2:0] 1 00000 01",     ZCMOP, "uimm",               ADD,    "zero, zero, zero"),
    MOP_R      ("1 uimm[4] 00 uimm[3:2] 0111 uimm[1:0] rs1 100 rd 1110011",ZIMOP,"rd, rs1, uimm",ADD,"rd, zero, zero"),
    MOP_RR     ("1 uimm[2] 00 uimm[1:0] 1 rs2 rs1 100 rd 1110011", ZIMOP, "rd, rs1, rs2, uimm", ADD, "rd, zero, zero");
    // @formatter:on

    /** What an instruction does to the flow of the program, and the class that a cost table charges it by. */
    public enum Kind {
        ALU, MULT, DIVIDE, BRANCH, JUMP, LOAD, STORE, ATOMIC, FP, FPDIV, FMA, CSR, SYSTEM, ORDER, CACHE, HYPLOAD,
        HYPSTORE;

        /** True if the instruction that follows in memory need not be the next one, or may be decoded differently. */
        public boolean endsBlock() {
            return this == BRANCH || this == JUMP || this == CSR || this == SYSTEM;
        }

        /** True if the instruction may access data memory, and so may fault on it. */
        public boolean touchesMemory() {
            return switch (this) {
                case LOAD, STORE, ATOMIC, CACHE, HYPLOAD, HYPSTORE -> true;
                case ALU, MULT, DIVIDE, BRANCH, JUMP, FP, FPDIV, FMA, CSR, SYSTEM, ORDER -> false;
            };
        }
    }

    /** Bits that the pattern fixes, in the low 16 bits for a compressed form. */
    public final int mask;
    /** Value of the fixed bits. */
    public final int match;
    public final Extension extension;
    public final Kind kind;
    /** Operands in assembler notation. */
    public final String syntax;
    /** The manual's section. */
    public final String section;
    /** The instruction that is executed: this one, or what a compressed form stands for. */
    public final Op expansion;
    /** Binary logarithm of the bytes that a load, store or atomic moves; 0 for anything else. */
    public final int sizeLog2;
    /** The name in assembler: {@code "amoadd.w"}. */
    public final String mnemonic;
    /** Fields of the encoding. */
    final Pattern pattern;
    /** Where the expansion's fields come from in this encoding. */
    final Binding binding;

    private static final Op[] OPS = values();

    Op(String pattern, Extension extension, Kind kind, String syntax, String section) {
        this.pattern = Pattern.parse(pattern, 32);
        this.mask = this.pattern.mask();
        this.match = this.pattern.match();
        this.extension = extension;
        this.kind = kind;
        this.syntax = syntax;
        this.section = section;
        this.expansion = this;
        this.mnemonic = name().toLowerCase(Locale.ROOT).replace('_', '.');
        this.binding = Binding.identity(this.pattern, syntax);
        this.sizeLog2 = sizeLog2(kind, name());
    }

    Op(String pattern, String syntax, Op expansion, String operands) {
        this(pattern, C, syntax, expansion, operands);
    }

    Op(String pattern, Extension extension, String syntax, Op expansion, String operands) {
        this.pattern = Pattern.parse(pattern, pattern.endsWith("11") ? 32 : 16);
        this.mask = this.pattern.mask();
        this.match = this.pattern.match();
        this.expansion = expansion;
        this.extension = extension;
        this.kind = expansion.kind;
        this.syntax = syntax;
        this.section = extension.isaName();
        this.mnemonic = name().toLowerCase(Locale.ROOT).replace('_', '.');
        this.binding = Binding.of(this.pattern, expansion, operands);
        this.sizeLog2 = expansion.sizeLog2;
    }

    /** The manual's names say it: LBU, FSD, HLVX_HU, AMOADD_W. A quadword counts as two doublewords. */
    private static int sizeLog2(Kind kind, String name) {
        return switch (kind) {
            case LOAD, STORE -> "BHWD".indexOf(name.replaceFirst("^F?[LS]", "").charAt(0));
            case HYPLOAD, HYPSTORE, ATOMIC -> Math.min(3, "BHWDQ".indexOf(name.charAt(name.indexOf('_') + 1)));
            default -> 0;
        };
    }

    /** The row at this ordinal, without copying the table. */
    public static Op at(int ordinal) {
        return OPS[ordinal];
    }

    /** Number of rows. */
    public static int count() {
        return OPS.length;
    }

    /** The number that {@link Slot#op} carries and engines switch on, a constant of {@link OpIndex}. */
    public int index() {
        return expansion.ordinal() + 1;
    }

    /** True for a 16-bit encoding. */
    public boolean compressed() {
        return (match & 3) != 3;
    }

    /** Length of the encoding in bytes. */
    public int lengthBytes() {
        return compressed() ? 2 : 4;
    }

    /** True if the instruction needs floating-point state to be on (mstatus.FS not Off). */
    public boolean usesFp() {
        return switch (expansion.extension) {
            case F, D, ZFHMIN, ZFA -> true;
            default -> false;
        };
    }

    /** True if {@code word} is an encoding of this row, reserved values of its fields excluded. */
    public boolean matches(int word) {
        return (word & mask) == match && pattern.allowed(word);
    }

    /** The instruction as the engines hold it (see {@link Slot}); {@code word} must match. */
    public long slot(int word) {
        return binding.slot(this, word);
    }

    /** A valid encoding of this row whose free fields are taken from {@code bits} as far as they are allowed. */
    public int sample(int bits) {
        return pattern.sample(bits);
    }
}
