#!/usr/bin/env bash
# Cross-compiles the native part for aarch64 (portable and NEON kernels), to see that it compiles. Needs g++-aarch64-linux-gnu.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -S . -B build/aarch64 --log-level=WARNING -DCMAKE_BUILD_TYPE=Release -DCMAKE_SYSTEM_NAME=Linux \
  -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -DCMAKE_CXX_FLAGS_RELEASE=-O1
cmake --build build/aarch64 -j "$(nproc)" -- --no-print-directory -s
file build/aarch64/quire_cpu.node 2>/dev/null || ls build/aarch64/quire_cpu.node
echo "aarch64: compiled"
