// Parsing of lowered programs.
#include "program.h"

namespace quire {

std::string Program::parse(const KernelTable& table, const double* numbers, size_t count, const int32_t* relocations,
                           size_t numRelocations) {
  numbers_.assign(numbers, numbers + count);
  relocations_.assign(relocations, relocations + numRelocations);
  for (size_t i = 0; i < count;) {
    const std::string where = "record " + std::to_string(records_.size()) + ": ";
    if (count - i < 2) return where + "cut off";
    const double opcode = numbers_[i], size = numbers_[i + 1];
    if (!(opcode >= 0 && opcode < kMaxOpcode)) return where + "opcode " + std::to_string(opcode) + " is out of range";
    if (!(size >= 0 && size <= static_cast<double>(count - i - 2))) return where + "arguments are cut off";
    const Kernel kernel = table.kernels[static_cast<int>(opcode)];
    if (kernel == nullptr) return where + "opcode " + std::to_string(static_cast<int>(opcode)) + " has no kernel for " + table.isa;
    records_.push_back({kernel, {numbers_.data() + i + 2}, table.plans[static_cast<int>(opcode)]});
    i += 2 + static_cast<size_t>(size);
  }
  for (size_t i = records_.size(), next = 0; i-- > 0;) {
    if (next > 0) records_[i].ahead = static_cast<int>(next - i);
    if (records_[i].plan) next = i;
  }
  for (const int32_t index : relocations_)
    if (index < 0 || static_cast<size_t>(index) >= count) return "a relocation points outside the program";
  return "";
}

void Program::placeAt(double base) {
  if (base == base_) return;
  for (const int32_t index : relocations_) numbers_[index] += base - base_;
  base_ = base;
}

}  // namespace quire
