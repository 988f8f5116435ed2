/*
 * Interrupts of the Advanced Interrupt Architecture on the bare machine, in M, S and VS mode: prints what registers
 * hold and which traps are taken, one line each. For one hart of a board with IMSICs and an APLIC where QEMU's virt
 * has them, with 7 guest files. Lines with a + are of what QEMU 7.2 lacks (mvien, priorities of external interrupts
 * beside others) or does otherwise (ties, vscause with hvictl, reserved registers, VU mode). Spec: aia 1.0.
 */
typedef unsigned long u64;
typedef unsigned int u32;

#define UART ((volatile unsigned char *) 0x10000000)
#define FINISHER ((volatile u32 *) 0x100000)
#define CLINT 0x2000000UL
#define IMSIC_M ((volatile u32 *) 0x24000000)
#define IMSIC_S(file) ((volatile u32 *) (0x28000000 + 4096 * (file)))
#define APLIC_M(at) (*(volatile u32 *) (0xc000000UL + (at)))
#define APLIC_S(at) (*(volatile u32 *) (0xd000000UL + (at)))

#define W(csr, value) __asm__ volatile("csrw " #csr ", %0" ::"r"((u64) (value)) : "memory")
#define R(csr) ({ u64 v_; __asm__ volatile("csrr %0, " #csr : "=r"(v_)::"memory"); v_; })
#define SWAP(csr, value) ({ u64 v_; __asm__ volatile("csrrw %0, " #csr ", %1" : "=r"(v_) : "r"((u64) (value)) : "memory"); v_; })

#define MISELECT 0x350
#define MIREG 0x351
#define MTOPEI 0x35c
#define MTOPI 0xfb0
#define MVIEN 0x308
#define MVIP 0x309
#define SISELECT 0x150
#define SIREG 0x151
#define STOPEI 0x15c
#define STOPI 0xdb0
#define HVIEN 0x608
#define HVICTL 0x609
#define HVIPRIO1 0x646
#define HVIPRIO2 0x647
#define VSISELECT 0x250
#define VSIREG 0x251
#define VSTOPEI 0x25c
#define VSTOPI 0xeb0
#define HSTATUS 0x600
#define HIDELEG 0x603
#define HIE 0x604
#define HGEIE 0x607
#define HVIP 0x645
#define HIP 0x644
#define HGEIP 0xe12
#define VSSTATUS 0x200
#define VSIE 0x204
#define VSIP 0x244
#define VSTVEC 0x205
#define VSCAUSE 0x242
#define MIE 0x304
#define MIP 0x344
#define MIDELEG 0x303
#define MSTATUS 0x300
#define SIE 0x104
#define SIP 0x144
#define STIMECMP 0x14d
/* The preprocessor must see the numbers. */
#define WR(csr, value) W(csr, value)
#define RD(csr) R(csr)

static void put(char c) { *UART = c; }
static void text(const char *s) { while (*s) put(*s++); }
static void hex(u64 v) {
    put(' ');
    int shift = 60;
    while (shift > 0 && !(v >> shift & 15)) shift -= 4;
    for (; shift >= 0; shift -= 4) put("0123456789abcdef"[v >> shift & 15]);
}
static void say(const char *what, u64 a) { text(what); hex(a); put('\n'); }
static void say2(const char *what, u64 a, u64 b) { text(what); hex(a); hex(b); put('\n'); }

/* Leaves M mode: runs stub() in a mode until it traps; gives mcause. */
u64 enter(u64 mstatus, u64 pc);
__asm__(".align 2\n.globl enter\nenter:\n"
    "addi sp, sp, -128\n sd ra, 0(sp)\n sd s0, 8(sp)\n sd s1, 16(sp)\n sd s2, 24(sp)\n sd s3, 32(sp)\n sd s4, 40(sp)\n"
    "sd s5, 48(sp)\n sd s6, 56(sp)\n sd s7, 64(sp)\n sd s8, 72(sp)\n sd s9, 80(sp)\n sd s10, 88(sp)\n sd s11, 96(sp)\n"
    "csrw mscratch, sp\n la t0, leave\n csrw mtvec, t0\n csrw mstatus, a0\n csrw mepc, a1\n mret\n"
    ".align 2\nleave:\n csrr sp, mscratch\n csrr a0, mcause\n"
    "ld ra, 0(sp)\n ld s0, 8(sp)\n ld s1, 16(sp)\n ld s2, 24(sp)\n ld s3, 32(sp)\n ld s4, 40(sp)\n"
    "ld s5, 48(sp)\n ld s6, 56(sp)\n ld s7, 64(sp)\n ld s8, 72(sp)\n ld s9, 80(sp)\n ld s10, 88(sp)\n ld s11, 96(sp)\n"
    "addi sp, sp, 128\n ret\n"
    ".align 2\nspin: j spin\n"
    /* For S and VS level: an interrupt's cause goes to M mode in a1. */
    ".align 2\nsupervisor: csrr a1, scause\n ecall\n j supervisor\n");
extern char spin[], supervisor[], _end[];

enum { U = 0, S = 1, M = 3, VU = 4, VS = 5 };
static const char *NAME[] = {"U", "S", "?", "M", "VU", "VS"};
static u64 status(int mode) {
    u64 s = (u64) (mode & 3) << 11 | 1 << 7 | 3UL << 13;
    return mode >= 4 ? s | 1UL << 39 : s;
}

static u32 stub[4] __attribute__((aligned(16)));
/* csrrs or csrrw of x10 in a mode: the trap's cause, 8 to 11 for the ECALL behind it. */
static void probe(int mode, u32 csr, int writes, const char *what) {
    stub[0] = csr << 20 | (writes ? 10 << 15 | 1 << 12 : 2 << 12) | 10 << 7 | 0x73;
    stub[1] = 0x73;
    __asm__ volatile("fence.i" ::: "memory");
    u64 cause = enter(status(mode), (u64) stub);
    text("probe ");
    text(NAME[mode]);
    put(' ');
    text(what);
    text(writes ? " w" : " r");
    hex(cause);
    put('\n');
}
/* Spins in a mode until an interrupt comes: says its cause in M mode, or where it went. */
static void wait_in(int mode, const char *what) {
    register u64 at __asm__("a1");
    W(stvec, supervisor);
    WR(VSTVEC, supervisor);
    u64 cause = enter(status(mode), (u64) spin);
    __asm__ volatile("mv %0, a1" : "=r"(at));
    u64 level = at;
    text(what);
    put(' ');
    text(NAME[mode]);
    hex(cause);
    if (cause < 12) hex(level);
    put('\n');
}

static void mreg(u64 select, u64 value) { WR(MISELECT, select); WR(MIREG, value); }
static void sreg(u64 select, u64 value) { WR(SISELECT, select); WR(SIREG, value); }
static void vsreg(u64 select, u64 value) { WR(VSISELECT, select); WR(VSIREG, value); }
static u64 mget(u64 select) { WR(MISELECT, select); return RD(MIREG); }
static u64 sget(u64 select) { WR(SISELECT, select); return RD(SIREG); }
static u64 vsget(u64 select) { WR(VSISELECT, select); return RD(VSIREG); }
static void guest(u64 number) { WR(HSTATUS, (RD(HSTATUS) & ~0x3f000UL) | number << 12); }

static void widths(void) {
    WR(MIE, -1L); say("mie", RD(MIE) & ~0x2000UL); WR(MIE, 0);
    WR(MIDELEG, -1L); say("mideleg", RD(MIDELEG) & ~0x2000UL); WR(MIDELEG, 0);
    WR(MVIEN, -1L); say("+ mvien low", RD(MVIEN) & 0x1fff); WR(MVIEN, 0);
    WR(HVIEN, -1L); say("hvien low", RD(HVIEN) & 0x1fff); WR(HVIEN, 0);
    WR(HVICTL, -1L); say("hvictl", RD(HVICTL) & ~0x200UL); WR(HVICTL, 0);
    WR(HVIPRIO1, -1L); say("hviprio1", RD(HVIPRIO1) & ~0xffff000000000000UL); WR(HVIPRIO1, 0);
    WR(HGEIE, -1L); say("hgeie", RD(HGEIE)); WR(HGEIE, 0);
    WR(MISELECT, 0xff); say("miselect", RD(MISELECT));
    WR(SISELECT, 0xff); say("siselect", RD(SISELECT));
    WR(VSISELECT, 0x1ff); say("vsiselect", RD(VSISELECT));
    say("eidelivery", mget(0x70));
    mreg(0x70, 1); say("eidelivery", mget(0x70));
    mreg(0x72, 255); say("eithreshold", mget(0x72)); mreg(0x72, 0);
    mreg(0x80, -1L); say("eip0", mget(0x80)); mreg(0x80, 0);
    mreg(0xc6, -1L); say("eie6", mget(0xc6));
    mreg(0xc6, 0);
}

static void machine_files(void) {
    IMSIC_M[0] = 77; IMSIC_M[0] = 200; IMSIC_M[0] = 256; IMSIC_M[0] = 0;
    say2("eip", mget(0x80) | mget(0x84), mget(0x82) | mget(0x86));
    say("mtopei", RD(MTOPEI));
    mreg(0xc2, 1UL << 13); mreg(0xc6, 1UL << 8);
    say2("mtopei mip", RD(MTOPEI), RD(MIP));
    mreg(0x72, 77);
    say2("threshold 77", RD(MTOPEI), RD(MIP));
    mreg(0x72, 78);
    say2("threshold 78", RD(MTOPEI), RD(MIP));
    mreg(0x72, 0);
    WR(MIE, 0x800);
    say("+ mtopi", RD(MTOPI));
    wait_in(U, "taken");
    wait_in(VS, "taken");
    say("claim", SWAP(0x35c, 0));
    say2("+ mtopei mtopi", RD(MTOPEI), RD(MTOPI));
    mreg(0x70, 0);
    say2("undelivered", RD(MTOPEI), RD(MIP));
    mreg(0x70, 1);
    say("claim", SWAP(0x35c, 0));
    say2("nothing", SWAP(0x35c, 0), RD(MIP));
    WR(MIE, 0);
}

static void machine_priorities(void) {
    mreg(0x30, -1L); say("iprio0", mget(0x30) & 0xff00ff00ff00ff00UL);
    mreg(0x30, 0);
    mreg(0x32, -1L); say("iprio2", mget(0x32) & 0xff00ff00);
    mreg(0x32, 0);
    *(volatile u32 *) CLINT = 1;                    /* MSIP */
    *(volatile u64 *) (CLINT + 0x4000) = 0;         /* MTIP */
    WR(MIE, 0xaaa);
    WR(MIP, 0x222);
    IMSIC_M[0] = 5; mreg(0xc0, 1 << 5);
    say("mip", RD(MIP));
    say("+ all", RD(MTOPI));
    mreg(0x30, 0x04UL << 24);                        /* MSI before the external one */
    say("msi 4", RD(MTOPI));
    mreg(0x30, 0x05UL << 24);
    say("+ msi 5", RD(MTOPI));
    mreg(0x30, 0x03UL << 56 | 4UL << 24);
    say("mti 3", RD(MTOPI));
    mreg(0x30, 0x03UL << 40 | 3UL << 56);
    say("sti 3", RD(MTOPI));
    mreg(0x32, 0x02UL << 8); mreg(0x30, 0);
    say("sei 2", RD(MTOPI));
    SWAP(0x35c, 0);
    say("no external", RD(MTOPI));
    mreg(0x32, 0);
    say("+ default", RD(MTOPI));
    *(volatile u32 *) CLINT = 0;
    *(volatile u64 *) (CLINT + 0x4000) = -1L;
    say("supervisor's", RD(MTOPI));
    WR(MIDELEG, 0x222);
    say2("+ delegated", RD(MTOPI), RD(STOPI));
    WR(MIE, 0); WR(MIP, 0); WR(MIDELEG, 0);
}

static void supervisor_files(void) {
    WR(MIDELEG, 0x222);
    sreg(0x70, 1); sreg(0xc0, 0xff00);
    IMSIC_S(0)[0] = 9; IMSIC_S(0)[0] = 12;
    say2("stopei sip", RD(STOPEI), RD(SIP));
    WR(SIE, 0x222);
    say("+ stopi", RD(STOPI));
    WR(MIP, 2);
    say("+ ssi too", RD(STOPI));
    sreg(0x30, 8UL << 8);
    say("ssi 8", RD(STOPI));
    sreg(0x30, 9UL << 8);
    say("+ ssi 9", RD(STOPI));
    sreg(0x30, 0);
    wait_in(U, "taken");
    wait_in(VS, "taken");
    say("claim", SWAP(0x15c, 0));
    say("claim", SWAP(0x15c, 0));
    say2("ssi alone", RD(STOPI), RD(SIP));
    WR(MIP, 0x200);
    say2("+ software's sei", RD(STOPI), RD(SIP));
    WR(MIP, 0);
    /* The APLIC delegates source 30 and sends it to identity 13 here. */
    APLIC_M(0x1bc0) = 0x24000; APLIC_M(0x1bc4) = 0; APLIC_M(0x1bc8) = 0x28000; APLIC_M(0x1bcc) = 3 << 20;
    APLIC_M(4 * 30) = 0x400;
    APLIC_S(4 * 30) = 1; APLIC_S(0x3000 + 4 * 30) = 13; APLIC_S(0) = 0x100;
    APLIC_S(0x1edc) = 30; APLIC_S(0x1cdc) = 30;
    say("domaincfg", APLIC_S(0));
    say2("aplic", APLIC_S(0x1c00) & 1 << 30, RD(STOPEI));
    APLIC_S(0x3000 + 4 * 30) = 3 << 12 | 14; APLIC_S(0x1cdc) = 30;
    guest(3);
    say("aplic to guest 3", vsget(0x80));
    SWAP(0x15c, 0);
    vsreg(0x80, 0);
    APLIC_M(0x3000) = 21;
    say("genmsi", mget(0x80));
    mreg(0x80, 0);
    WR(SIE, 0); WR(MIDELEG, 0);
}

static void filtering(void) {
    WR(MVIEN, 0x200);
    if (RD(MVIEN) == 0) return;
    WR(MVIP, 0x200);
    say2("+ mvip mip", RD(MVIP) & 0x222, RD(MIP));
    say2("+ sip sie", RD(SIP), RD(SIE));
    WR(SIE, 0x200);
    say2("+ sie stopi", RD(SIE), RD(STOPI));
    wait_in(U, "+ virtual");
    WR(MVIP, 0);
    say2("+ gone", RD(SIP), RD(STOPI));
    WR(SIE, 0); WR(MVIEN, 0);
}

static void guest_files(void) {
    WR(HIDELEG, 0x444);
    guest(2);
    vsreg(0x70, 1); vsreg(0xc0, -1L);
    IMSIC_S(2)[0] = 40;
    say2("hgeip vstopei", RD(HGEIP), RD(VSTOPEI));
    say2("+ hip vsip", RD(HIP), RD(VSIP));
    WR(VSIE, 0x222);
    say("vstopi", RD(VSTOPI));
    WR(HVICTL, 0x100);
    say("ipriom", RD(VSTOPI));
    WR(HVIP, 4);
    say("vssi too", RD(VSTOPI));
    WR(HVIPRIO1, 39UL << 8);
    say("+ vssi 39", RD(VSTOPI));
    WR(HVIPRIO1, 0); WR(HVIP, 0);
    wait_in(VU, "taken");
    guest(1);
    say2("other guest", RD(HIP), RD(VSTOPI));
    WR(HGEIE, 4);
    say2("sgei", RD(HIP), RD(HGEIP));
    WR(HIE, RD(HIE) | 0x1000);
    say("+ stopi", RD(STOPI));
    wait_in(VU, "taken");
    WR(HGEIE, 0);
    guest(2);
    say("claim", SWAP(0x25c, 0));
    say2("claimed", RD(HGEIP), RD(VSTOPI));
    guest(0);
    WR(HVIP, 0x400);
    say("+ injected", RD(VSTOPI));
    WR(HVICTL, 0x100 | 9 << 16 | 33);
    say("hvictl 9", RD(VSTOPI));
    WR(HVICTL, 1UL << 30 | 0x100 | 13 << 16 | 32);
    say("hvictl 13", RD(VSTOPI));
    wait_in(VU, "+ taken");
    WR(HVIP, 0);
    WR(HVICTL, 1UL << 30 | 0x100 | 9 << 16);
    say("hvictl nothing", RD(VSTOPI));
    WR(HVICTL, 0); WR(VSIE, 0); WR(HIE, 0);
}

static void refusals(void) {
    static const struct { u32 csr; const char *name; } csrs[] = {{MISELECT, "miselect"}, {MTOPEI, "mtopei"},
        {MTOPI, "mtopi"}, {MVIEN, "mvien"}, {SISELECT, "siselect"}, {STOPEI, "stopei"}, {STOPI, "stopi"},
        {HVICTL, "hvictl"}, {HVIPRIO1, "hviprio1"}, {HVIEN, "hvien"}, {VSISELECT, "vsiselect"}, {VSTOPEI, "vstopei"},
        {VSTOPI, "vstopi"}, {HGEIP, "hgeip"}};
    static const char modes[] = {U, S, VU, VS};
    for (int vgein = 0; vgein < 2; vgein++) {
        guest(vgein);
        say("vgein", vgein);
        for (int i = 0; i < (int) (sizeof csrs / sizeof *csrs); i++)
            for (int m = 0; m < 4; m++) {
                if (modes[m] == VU && (csrs[i].csr >> 8 & 3) == 1) text("+ ");
                probe(modes[m], csrs[i].csr, 0, csrs[i].name);
            }
        static const u32 selects[] = {0x30, 0x31, 0x3e, 0x3f, 0x70, 0x71, 0x72, 0x7f, 0x80, 0x81, 0xfe, 0xff};
        for (int i = 0; i < (int) (sizeof selects / sizeof *selects); i++) {
            WR(MISELECT, selects[i]); WR(SISELECT, selects[i]); WR(VSISELECT, selects[i]);
            say("select", selects[i]);
            static const struct { u32 csr; int mode; const char *name; } windows[] = {{MIREG, M, "mireg"},
                {SIREG, S, "sireg"}, {VSIREG, S, "vsireg"}, {SIREG, VS, "sireg"}};
            for (int w = 0; w < 4; w++) {
                if (selects[i] == 0x71 || selects[i] == 0x7f || selects[i] == 0xfe) text("+ ");
                probe(windows[w].mode, windows[w].csr, 0, windows[w].name);
            }
        }
    }
    probe(S, STOPI, 1, "stopi");
    WR(MVIEN, 0x200);
    WR(SISELECT, 0x70);
    if (RD(MVIEN)) {
        text("+ ");
        probe(S, STOPEI, 0, "withheld stopei");
        text("+ ");
        probe(S, SIREG, 0, "withheld sireg");
    }
    WR(MVIEN, 0);
    WR(HVICTL, 1UL << 30 | 9 << 16);
    probe(VS, SIP, 0, "vti sip");
    probe(VS, SIE, 1, "vti sie");
    probe(S, SIP, 0, "vti sip");
    WR(HVICTL, 0);
}

void start(void) {
    W(pmpaddr0, -1L);
    W(pmpcfg0, 0x1f);
    /* mstateen0 and hstateen0, where they are: otherwise the trap goes on behind them. */
    __asm__ volatile("la t0, 1f\n csrw mtvec, t0\n csrw 0x30c, %0\n csrw 0x60c, %0\n .align 2\n1:" : : "r"(-1L) : "t0");
    *(volatile u64 *) (CLINT + 0x4000) = -1L;
    widths();
    machine_files();
    machine_priorities();
    supervisor_files();
    filtering();
    guest_files();
    refusals();
    text("done\n");
    *FINISHER = 0x5555;
    for (;;) {}
}
