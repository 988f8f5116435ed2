package calvin.machine.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pseudo-instructions of one instruction each: how GNU as reads them and objdump shows them (unpriv, "Assembly
 * Programmer's Handbook"). Operands of a row that are not registers or numbers are its parameters; one that occurs
 * twice must be the same both times.
 *
 * <p>{@code li}, {@code la}, {@code call} and {@code tail}, which may be several instructions, are {@link Program}'s.
 */
enum Alias {
    // @formatter:off
    NOP        ("nop",        "",            "addi zero, zero, 0"),
    LI         ("li",         "rd, imm",     "addi rd, zero, imm"),
    MV         ("mv",         "rd, rs",      "addi rd, rs, 0"),
    NOT        ("not",        "rd, rs",      "xori rd, rs, -1"),
    NEG        ("neg",        "rd, rs",      "sub rd, zero, rs"),
    NEGW       ("negw",       "rd, rs",      "subw rd, zero, rs"),
    SEXT_W     ("sext.w",     "rd, rs",      "addiw rd, rs, 0"),
    ZEXT_B     ("zext.b",     "rd, rs",      "andi rd, rs, 255"),
    ZEXT_W     ("zext.w",     "rd, rs",      "add.uw rd, rs, zero"),
    SEQZ       ("seqz",       "rd, rs",      "sltiu rd, rs, 1"),
    SNEZ       ("snez",       "rd, rs",      "sltu rd, zero, rs"),
    SLTZ       ("sltz",       "rd, rs",      "slt rd, rs, zero"),
    SGTZ       ("sgtz",       "rd, rs",      "slt rd, zero, rs"),
    BEQZ       ("beqz",       "rs, off",     "beq rs, zero, off"),
    BNEZ       ("bnez",       "rs, off",     "bne rs, zero, off"),
    BLEZ       ("blez",       "rs, off",     "bge zero, rs, off"),
    BGEZ       ("bgez",       "rs, off",     "bge rs, zero, off"),
    BLTZ       ("bltz",       "rs, off",     "blt rs, zero, off"),
    BGTZ       ("bgtz",       "rs, off",     "blt zero, rs, off"),
    J          ("j",          "off",         "jal zero, off"),
    JAL        ("jal",        "off",         "jal ra, off"),
    RET        ("ret",        "",            "jalr zero, 0(ra)"),
    JR         ("jr",         "rs",          "jalr zero, 0(rs)"),
    JR_OFFSET  ("jr",         "imm(rs)",     "jalr zero, imm(rs)"),
    JALR       ("jalr",       "rs",          "jalr ra, 0(rs)"),
    JALR_OFFSET("jalr",       "imm(rs)",     "jalr ra, imm(rs)"),
    FENCE      ("fence",      "",            "fence iorw, iorw"),
    SFENCE     ("sfence.vma", "",            "sfence.vma zero, zero"),
    SFENCE_VA  ("sfence.vma", "rs",          "sfence.vma rs, zero"),
    HFENCE_V   ("hfence.vvma","",            "hfence.vvma zero, zero"),
    HFENCE_V_VA("hfence.vvma","rs",          "hfence.vvma rs, zero"),
    HFENCE_G_PA("hfence.gvma","rs",          "hfence.gvma rs, zero"),
    HFENCE_G   ("hfence.gvma","",            "hfence.gvma zero, zero"),
    RDCYCLE    ("rdcycle",    "rd",          "csrrs rd, cycle, zero"),
    RDTIME     ("rdtime",     "rd",          "csrrs rd, time, zero"),
    RDINSTRET  ("rdinstret",  "rd",          "csrrs rd, instret, zero"),
    FRCSR      ("frcsr",      "rd",          "csrrs rd, fcsr, zero"),
    FSCSR      ("fscsr",      "rs",          "csrrw zero, fcsr, rs"),
    FSCSR_OLD  ("fscsr",      "rd, rs",      "csrrw rd, fcsr, rs"),
    FRRM       ("frrm",       "rd",          "csrrs rd, frm, zero"),
    FSRM       ("fsrm",       "rs",          "csrrw zero, frm, rs"),
    FSRM_OLD   ("fsrm",       "rd, rs",      "csrrw rd, frm, rs"),
    FSRMI      ("fsrmi",      "zimm",        "csrrwi zero, frm, zimm"),
    FSRMI_OLD  ("fsrmi",      "rd, zimm",    "csrrwi rd, frm, zimm"),
    FRFLAGS    ("frflags",    "rd",          "csrrs rd, fflags, zero"),
    FSFLAGS    ("fsflags",    "rs",          "csrrw zero, fflags, rs"),
    FSFLAGS_OLD("fsflags",    "rd, rs",      "csrrw rd, fflags, rs"),
    FSFLAGSI   ("fsflagsi",   "zimm",        "csrrwi zero, fflags, zimm"),
    FSFLAGSI_OLD("fsflagsi",  "rd, zimm",    "csrrwi rd, fflags, zimm"),
    CSRR       ("csrr",       "rd, csr",     "csrrs rd, csr, zero"),
    CSRW       ("csrw",       "csr, rs",     "csrrw zero, csr, rs"),
    CSRS       ("csrs",       "csr, rs",     "csrrs zero, csr, rs"),
    CSRC       ("csrc",       "csr, rs",     "csrrc zero, csr, rs"),
    CSRWI      ("csrwi",      "csr, zimm",   "csrrwi zero, csr, zimm"),
    CSRSI      ("csrsi",      "csr, zimm",   "csrrsi zero, csr, zimm"),
    CSRCI      ("csrci",      "csr, zimm",   "csrrci zero, csr, zimm"),
    FMV_S      ("fmv.s",      "fd, fs",      "fsgnj.s fd, fs, fs"),
    FABS_S     ("fabs.s",     "fd, fs",      "fsgnjx.s fd, fs, fs"),
    FNEG_S     ("fneg.s",     "fd, fs",      "fsgnjn.s fd, fs, fs"),
    FMV_D      ("fmv.d",      "fd, fs",      "fsgnj.d fd, fs, fs"),
    FABS_D     ("fabs.d",     "fd, fs",      "fsgnjx.d fd, fs, fs"),
    FNEG_D     ("fneg.d",     "fd, fs",      "fsgnjn.d fd, fs, fs"),
    // Read, but never shown: the instruction they stand for has no name of its own for swapped operands.
    BGT        ("bgt",        "rs, rt, off", "blt rt, rs, off", false),
    BLE        ("ble",        "rs, rt, off", "bge rt, rs, off", false),
    BGTU       ("bgtu",       "rs, rt, off", "bltu rt, rs, off", false),
    BLEU       ("bleu",       "rs, rt, off", "bgeu rt, rs, off", false),
    // A register given where the instruction has an immediate form of another name.
    CSRW_IMM   ("csrw",       "csr, #zimm",  "csrrwi zero, csr, #zimm", false),
    CSRS_IMM   ("csrs",       "csr, #zimm",  "csrrsi zero, csr, #zimm", false),
    CSRC_IMM   ("csrc",       "csr, #zimm",  "csrrci zero, csr, #zimm", false);
    // @formatter:on

    private static final Map<String, List<Alias>> BY_NAME = new HashMap<>();
    private static final Map<String, List<Alias>> BY_TARGET = new HashMap<>();
    static {
        for (Alias alias : values()) {
            BY_NAME.computeIfAbsent(alias.mnemonic, name -> new ArrayList<>()).add(alias);
            if (alias.shown) {
                BY_TARGET.computeIfAbsent(alias.target, name -> new ArrayList<>()).add(alias);
            }
        }
    }

    private final String mnemonic;
    private final String syntax;
    private final List<String> parameters;
    private final String target;
    private final String targetSyntax;
    private final boolean shown;

    Alias(String mnemonic, String syntax, String expansion) {
        this(mnemonic, syntax, expansion, true);
    }

    Alias(String mnemonic, String syntax, String expansion, boolean shown) {
        this.mnemonic = mnemonic;
        this.syntax = syntax;
        this.parameters = Syntax.operands(syntax);
        this.target = expansion.substring(0, expansion.indexOf(' '));
        this.targetSyntax = expansion.substring(expansion.indexOf(' ') + 1);
        this.shown = shown;
    }

    /** The instruction that this mnemonic with these operands stands for, or null if it is no pseudo-instruction. */
    static String expand(String mnemonic, String operandText) {
        List<String> given = Syntax.operands(operandText);
        for (Alias alias : BY_NAME.getOrDefault(mnemonic, List.of())) {
            if (alias.accepts(given, operandText)) {
                return alias.target + " " + substitute(alias.targetSyntax, alias.parameters, given);
            }
        }
        return null;
    }

    private boolean accepts(List<String> given, String text) {
        if (given.size() != parameters.size() || syntax.contains("(") != text.contains("(")) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            boolean number = "-+0123456789".indexOf(given.get(i).charAt(0)) >= 0;
            boolean needed = parameters.get(i).equals("imm") || parameters.get(i).startsWith("#");
            boolean register = parameters.get(i).equals("rs") || parameters.get(i).equals("rd");
            if (register && number || needed && !number) {
                return false;
            }
        }
        return true;
    }

    /** Shows {@code mnemonic operands}, as {@link Disassembler} writes it, by its pseudo-instruction if it has one. */
    static String shorten(String mnemonic, String operandText) {
        List<String> given = Syntax.operands(operandText);
        for (Alias alias : BY_TARGET.getOrDefault(mnemonic, List.of())) {
            Map<String, String> bound = alias.match(given);
            if (bound != null) {
                List<String> values = alias.parameters.stream().map(bound::get).toList();
                return (alias.mnemonic + " " + substitute(alias.syntax, alias.parameters, values)).strip();
            }
        }
        return (mnemonic + " " + operandText).strip();
    }

    private Map<String, String> match(List<String> given) {
        List<String> wanted = Syntax.operands(targetSyntax);
        Map<String, String> bound = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String want = wanted.get(i);
            String have = given.get(i);
            boolean parameter = parameters.contains(want);
            if (!parameter && !want.equals(have) || parameter && !bound.computeIfAbsent(want, n -> have).equals(have)) {
                return null;
            }
        }
        return bound;
    }

    private static String substitute(String template, List<String> names, List<String> values) {
        StringBuilder out = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= template.length(); i++) {
            if (i == template.length() || ",() ".indexOf(template.charAt(i)) >= 0) {
                String token = template.substring(start, i);
                int name = names.indexOf(token);
                out.append(name < 0 ? token : values.get(name));
                out.append(i < template.length() ? template.substring(i, i + 1) : "");
                start = i + 1;
            }
        }
        return out.toString();
    }
}
