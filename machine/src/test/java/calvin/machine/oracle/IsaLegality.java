package calvin.machine.oracle;

/**
 * Which encodings a hart of this project must execute: a second reading of the manual's opcode maps (unpriv, "RV32/64G
 * Instruction Set Listings", "C" and the chapters of the extensions; priv, "RISC-V Privileged Instruction Set
 * Listings"), written as decisions rather than rows, and sharing nothing with the instruction table.
 */
final class IsaLegality {
    private IsaLegality() {}

    /** RV64C with D, Zcb, Zcmop: unpriv C, "RVC Instruction Set Listings". */
    static boolean compressed(int word) {
        int funct3 = word >>> 13;
        int rd = word >>> 7 & 31;
        int rs2 = word >>> 2 & 31;
        return switch (word & 3) {
            case 0 -> switch (funct3) {
                case 0 -> (word >>> 5 & 0xFF) != 0; // C.ADDI4SPN, nzuimm
                // Zcb: LBU LH[U] SB SH
                case 4 -> (word >>> 10 & 7) <= 2 || (word >>> 10 & 7) == 3 && (word >>> 6 & 1) == 0;
                default -> true;
            };
            case 1 -> switch (funct3) {
                case 1 -> rd != 0; // C.ADDIW
                // C.LUI, C.ADDI16SP: nzimm, but Zcmop with odd rd below 16
                case 3 -> (word >>> 2 & 0x1F | word >>> 7 & 0x20) != 0 || rd < 16 && (rd & 1) == 1;
                // C.SUBW, C.ADDW; Zcb: C.MUL, and ZEXT.B SEXT.B ZEXT.H SEXT.H ZEXT.W NOT
                case 4 -> (word >>> 10 & 3) != 3 || (word >>> 12 & 1) == 0 || (word >>> 5 & 3) != 3
                        || (word >>> 2 & 7) <= 5;
                default -> true;
            };
            default -> switch (funct3) {
                case 2, 3 -> rd != 0; // C.LWSP, C.LDSP
                case 4 -> (word >>> 12 & 1) != 0 || rs2 != 0 || rd != 0; // C.JR needs rs1
                default -> true;
            };
        };
    }

    /** A word whose two low bits are set. */
    static boolean wide(int word) {
        int funct3 = word >>> 12 & 7;
        int funct7 = word >>> 25;
        return switch (word >>> 2 & 31) {
            case 0x00 -> funct3 != 7; // LOAD
            case 0x01 -> funct3 >= 1 && funct3 <= 3; // LOAD-FP: H W D
            case 0x03 -> funct3 == 0 || funct3 == 1 || funct3 == 2 && cacheBlock(word); // MISC-MEM
            case 0x04 -> immediateShift(word, funct3, 6, word >>> 26);
            case 0x05, 0x0D, 0x1B -> true; // AUIPC, LUI, JAL
            case 0x06 -> wordImmediate(word, funct3, funct7);
            case 0x08 -> funct3 <= 3; // STORE
            case 0x09 -> funct3 >= 1 && funct3 <= 3; // STORE-FP
            case 0x0B -> atomic(word, funct3, word >>> 27);
            case 0x0C -> register(funct3, funct7);
            case 0x0E -> wordRegister(word, funct3, funct7);
            case 0x10, 0x11, 0x12, 0x13 -> (word >>> 25 & 3) <= 1 && rounding(funct3); // FMA: S, D
            case 0x14 -> floating(word, funct3, funct7);
            case 0x18 -> funct3 != 2 && funct3 != 3; // BRANCH
            case 0x19 -> funct3 == 0; // JALR
            case 0x1C -> system(word, funct3, funct7);
            default -> false;
        };
    }

    private static boolean rounding(int rm) {
        return rm <= 4 || rm == 7; // the hart refuses the others when it executes them; see floating()
    }

    private static boolean cacheBlock(int word) {
        int operation = word >>> 20;
        return (word >>> 7 & 31) == 0 && (operation == 0 || operation == 1 || operation == 2 || operation == 4);
    }

    /** OP-IMM; Zbb and Zbs in the shifts. */
    private static boolean immediateShift(int word, int funct3, int bits, int top) {
        int low = word >>> 20 & 0x3F;
        return switch (funct3) {
            case 1 -> top == 0x00 || top == 0x0A || top == 0x12 || top == 0x1A // SLLI BSETI BCLRI BINVI
                    || top == 0x18 && (low <= 2 || low == 4 || low == 5); // CLZ CTZ CPOP SEXT.B SEXT.H
            case 5 -> top == 0x00 || top == 0x10 || top == 0x12 || top == 0x18 // SRLI SRAI BEXTI RORI
                    || top == 0x0A && low == 7 || top == 0x1A && low == 0x38; // ORC.B REV8
            default -> true;
        };
    }

    /** OP-IMM-32; Zba's SLLI.UW and Zbb. */
    private static boolean wordImmediate(int word, int funct3, int funct7) {
        int low = word >>> 20 & 31;
        return switch (funct3) {
            case 0 -> true;
            case 1 -> funct7 == 0 || funct7 >>> 1 == 2 || funct7 == 0x30 && low <= 2; // SLLIW SLLI.UW CLZW CTZW CPOPW
            case 5 -> funct7 == 0 || funct7 == 0x20 || funct7 == 0x30; // SRLIW SRAIW RORIW
            default -> false;
        };
    }

    /** OP: I, M, Zba, Zbb, Zbc, Zbs, Zicond. */
    private static boolean register(int funct3, int funct7) {
        return switch (funct7) {
            case 0x00, 0x01 -> true;
            case 0x20 -> funct3 == 0 || funct3 >= 4 && funct3 != 7 || funct3 == 7; // SUB XNOR SRA ORN ANDN
            case 0x10 -> funct3 == 2 || funct3 == 4 || funct3 == 6; // SHnADD
            case 0x05 -> funct3 >= 1; // CLMUL*, MIN*, MAX*
            case 0x07 -> funct3 == 5 || funct3 == 7; // CZERO
            case 0x30 -> funct3 == 1 || funct3 == 5; // ROL ROR
            case 0x14 -> funct3 == 1; // BSET
            case 0x24 -> funct3 == 1 || funct3 == 5; // BCLR BEXT
            case 0x34 -> funct3 == 1; // BINV
            default -> false;
        };
    }

    /** OP-32. */
    private static boolean wordRegister(int word, int funct3, int funct7) {
        return switch (funct7) {
            case 0x00 -> funct3 == 0 || funct3 == 1 || funct3 == 5;
            case 0x20 -> funct3 == 0 || funct3 == 5;
            case 0x01 -> funct3 == 0 || funct3 >= 4; // MULW DIVW DIVUW REMW REMUW
            case 0x04 -> funct3 == 0 || funct3 == 4 && (word >>> 20 & 31) == 0; // ADD.UW ZEXT.H
            case 0x10 -> funct3 == 2 || funct3 == 4 || funct3 == 6; // SHnADD.UW
            case 0x30 -> funct3 == 1 || funct3 == 5; // ROLW RORW
            default -> false;
        };
    }

    /** AMO: A and Zacas. */
    private static boolean atomic(int word, int funct3, int funct5) {
        boolean even = (word >>> 7 & 1) == 0 && (word >>> 20 & 1) == 0;
        if (funct3 == 4) {
            return funct5 == 5 && even; // AMOCAS.Q
        }
        if (funct3 != 2 && funct3 != 3) {
            return false;
        }
        return switch (funct5) {
            case 0, 1, 3, 4, 5, 8, 12, 16, 20, 24, 28 -> true;
            case 2 -> (word >>> 20 & 31) == 0; // LR
            default -> false;
        };
    }

    /** OP-FP: F, D, Zfhmin, Zfa. */
    private static boolean floating(int word, int rm, int funct7) {
        int format = funct7 & 3;
        int rs2 = word >>> 20 & 31;
        if (format == 3) {
            return false;
        }
        if (format == 2) {
            return switch (funct7 >>> 2) {
                case 0x08 -> rs2 <= 1 && rounding(rm); // FCVT.H.S, FCVT.H.D
                case 0x1C -> rs2 == 0 && rm == 0; // FMV.X.H
                case 0x1E -> rs2 == 0 && rm == 0; // FMV.H.X
                default -> false;
            };
        }
        return switch (funct7 >>> 2) {
            case 0x00, 0x01, 0x02, 0x03 -> rounding(rm);
            case 0x0B -> rs2 == 0 && rounding(rm);
            case 0x04 -> rm <= 2; // FSGNJ
            case 0x05 -> rm <= 3; // FMIN FMAX FMINM FMAXM
            case 0x08 -> (rs2 == 1 - format || rs2 == 2 || rs2 == 4 || rs2 == 5) && rounding(rm); // FCVT, FROUND
            case 0x14 -> rm <= 2 || rm == 4 || rm == 5; // FEQ FLT FLE FLEQ FLTQ
            case 0x18 -> rs2 <= 3 && rounding(rm) || rs2 == 8 && rm == 1 && format == 1; // FCVTMOD.W.D
            case 0x1A -> rs2 <= 3 && rounding(rm);
            case 0x1C -> rs2 == 0 && rm <= 1; // FMV.X, FCLASS
            case 0x1E -> (rs2 == 0 || rs2 == 1) && rm == 0; // FMV.W.X, FLI
            default -> false;
        };
    }

    /** SYSTEM: Zicsr, privileged, H, Svinval, Zawrs, Zimop. */
    private static boolean system(int word, int funct3, int funct7) {
        int rd = word >>> 7 & 31;
        int rs2 = word >>> 20 & 31;
        if (funct3 == 4 && word < 0) { // Zimop: MOP.R, MOP.RR
            return (word >>> 28 & 3) == 0 && ((word >>> 25 & 1) == 1 || (word >>> 22 & 7) == 7);
        }
        if (funct3 == 4) {
            boolean load = rd >= 0 && (funct7 & 1) == 0;
            return switch (funct7) {
                case 0x30, 0x32 -> rs2 == 0 || rs2 == 1 || rs2 == 3 && funct7 == 0x32; // HLV.B[U] HLV.H[U] HLVX.HU
                case 0x34 -> rs2 == 0 || rs2 == 1 || rs2 == 3; // HLV.W[U] HLVX.WU
                case 0x36 -> rs2 == 0; // HLV.D
                case 0x31, 0x33, 0x35, 0x37 -> !load && rd == 0; // HSV
                default -> false;
            };
        }
        if (funct3 != 0) {
            return true; // CSR
        }
        if (rd != 0) {
            return false;
        }
        boolean bare = (word >>> 15 & 31) == 0;
        return switch (funct7) {
            case 0x09, 0x0B, 0x11, 0x13, 0x31, 0x33 -> true; // SFENCE/SINVAL.VMA, HFENCE/HINVAL.VVMA, .GVMA
            case 0x0C -> bare && rs2 <= 1; // SFENCE.W.INVAL, SFENCE.INVAL.IR
            case 0x00 -> bare && (rs2 <= 1 || rs2 == 13 || rs2 == 29); // ECALL EBREAK WRS.NTO WRS.STO
            case 0x08 -> bare && (rs2 == 2 || rs2 == 5); // SRET WFI
            case 0x18 -> bare && rs2 == 2; // MRET
            default -> false;
        };
    }
}
