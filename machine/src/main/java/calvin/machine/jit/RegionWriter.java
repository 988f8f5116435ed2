package calvin.machine.jit;

import calvin.machine.hart.Hart;
import calvin.machine.interp.FpOps;
import calvin.machine.interp.Region;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Makes the class of a region and an object of it. */
final class RegionWriter {
    private static final ClassDesc SUPER = Region.class.describeConstable().orElseThrow();
    private static final ClassDesc SELF = ClassDesc.of(RegionWriter.class.getPackageName(), "Translated");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_int,
            Hart.class.describeConstable().orElseThrow(), ConstantDescs.CD_long, ConstantDescs.CD_int,
            ConstantDescs.CD_int, ConstantDescs.CD_int, FpOps.class.describeConstable().orElseThrow());
    private static final int PUBLIC = ClassFile.ACC_PUBLIC;

    private RegionWriter() {}

    /** The class file of a region. */
    static byte[] write(RegionShape shape) {
        return ClassFile.of().build(SELF, type -> type.withSuperclass(SUPER).withFlags(ClassFile.ACC_FINAL)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, PUBLIC, code -> code.aload(0)
                        .invokespecial(SUPER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
                .withMethodBody("run", RUN, PUBLIC, code -> new RegionEmitter(code, shape).emit()));
    }

    /** Bytes of bytecode of the region's method. */
    static int codeBytes(byte[] classFile) {
        int longest = 0;
        for (var method : ClassFile.of().parse(classFile).methods()) {
            CodeModel code = method.code().orElseThrow();
            longest = Math.max(longest, ((CodeAttribute) code).codeLength());
        }
        return longest;
    }

    /** An object of the class, which is unloaded when nobody refers to the object any more. */
    static Region define(byte[] classFile) {
        try {
            MethodHandles.Lookup own = MethodHandles.lookup().defineHiddenClass(classFile, true);
            MethodHandle constructor = own.findConstructor(own.lookupClass(), MethodType.methodType(void.class));
            return (Region) constructor.asType(MethodType.methodType(Region.class)).invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("a translated region is not a valid class", e);
        }
    }
}
