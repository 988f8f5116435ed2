#!/bin/sh
# Builds every guest image, and the include and lib directories with which users build their own MPI programs.
#
#   guests/build-images.sh OUTPUT-DIRECTORY
#
# OUTPUT-DIRECTORY/images    the programs and kernels Calvin carries; the same compiler gives the same bytes
# OUTPUT-DIRECTORY/include   mpi.h, infiniband/verbs.h
# OUTPUT-DIRECTORY/lib       libmpi.a (has the verbs in it), libverbs.a
#
# Needs riscv64-linux-gnu-gcc and its C library (Debian: gcc-riscv64-linux-gnu, libc6-dev-riscv64-cross).
# CROSS names another prefix than riscv64-linux-gnu-.

set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 OUTPUT-DIRECTORY" >&2
    exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
cross=${CROSS:-riscv64-linux-gnu-}
cd "$(dirname "$0")/src/main/c"
LC_ALL=C
export LC_ALL
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

warnings="-std=c11 -Wall -Wextra -Wshadow -Wpointer-arith -Werror"
user="-march=rv64gc -mabi=lp64d -O2 -fno-pie -no-pie -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables"
bare="-mcmodel=medany -O2 -fno-pic -no-pie -nostdlib -static"
bare="$bare -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments"
integer="-march=rv64imac_zicsr_zifencei -mabi=lp64"
floating="-march=rv64gc -mabi=lp64d"
link="-static -s -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noseparate-code"

mkdir -p "$out/images" "$out/include" "$out/lib"

# compile SOURCE FLAGS...: SOURCE to an object of the same name in the work directory. Paths stay relative, because
# the compiler records them.
compile() {
    source=$1
    shift
    mkdir -p "$work/$(dirname "$source")"
    # shellcheck disable=SC2086 # the flag lists are meant to be split
    "${cross}gcc" $warnings "$@" -c "$source" -o "$work/${source%.*}.o"
}

# library NAME DIRECTORIES...: every source of the directories into lib/libNAME.a
library() {
    archive=$out/lib/lib$1.a
    shift
    rm -f "$archive"
    for directory in "$@"; do
        for source in "$directory"/*.c; do
            # The compiler must not turn the short copy loops back into calls of memcpy.
            # shellcheck disable=SC2086
            compile "$source" $user -fno-tree-loop-distribute-patterns -Iverbs
            "${cross}ar" rcsD "$archive" "$work/${source%.*}.o"
        done
    done
}

# program NAME LIBRARIES...: programs/NAME.c to a static Linux program
program() {
    name=$1
    shift
    # shellcheck disable=SC2086
    compile "programs/$name.c" $user -I"$out/include"
    # shellcheck disable=SC2086
    "${cross}gcc" $user $link -o "$out/images/$name" "$work/programs/$name.o" -L"$out/lib" "$@"
}

# freestanding IMAGE ISA SCRIPT DIRECTORY SOURCES...: no C library; the symbol table stays
freestanding() {
    image=$1
    kernel="$2 $bare"
    script=$3
    directory=$4
    shift 4
    objects=
    for source in "$@"; do
        # shellcheck disable=SC2086
        compile "$source" $kernel -std=gnu11 -ffreestanding -msmall-data-limit=0 -fno-asynchronous-unwind-tables \
            -I"$directory"
        objects="$objects ${source%.*}.o"
    done
    # shellcheck disable=SC2086
    (here=$(pwd) && cd "$work" && "${cross}gcc" $kernel -Wl,-T,"$here/$script" -o "$out/images/$image" $objects)
    "${cross}strip" -g "$out/images/$image"
}

freestanding smode.elf "$integer" smode/smode.ld smode smode/*.S smode/*.c
freestanding memory.elf "$floating" smode/smode.ld smode memory/start.S memory/main.c memory/map.c memory/nodes.c \
    smode/console.c smode/sbi.c
freestanding pass.elf "$integer" bare/bare.ld bare bare/pass.S
freestanding fail.elf "$integer" bare/bare.ld bare bare/fail.S

compile programs/tiny.S -march=rv64gc -mabi=lp64d
"${cross}gcc" -nostdlib -static -s -Wl,--build-id=none -Wl,-z,noseparate-code \
    -o "$out/images/tiny" "$work/programs/tiny.o"

cp mpi/mpi.h "$out/include"
mkdir -p "$out/include/infiniband"
cp verbs/verbs.h "$out/include/infiniband"
library verbs verbs
library mpi mpi verbs

program hello
program stdio -lm
program threads -pthread
program pingpong -lmpi
program allreduce -lmpi

# What made these bytes: compiler, linker, C library.
{
    "${cross}gcc" --version | head -n 1
    "${cross}ld" --version | head -n 1
    "${cross}ar" p "$("${cross}gcc" -print-file-name=libc.a)" version.o |
        grep -a -o 'GNU C Library.*version [0-9.]*[0-9]'
} > "$out/images/toolchain.txt"
(cd "$out/images" && find . -type f ! -name '*.sha256' ! -name toolchain.txt | sed 's|^\./||' | sort |
    xargs sha256sum > images.sha256)
