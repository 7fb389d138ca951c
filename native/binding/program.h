// A lowered program, parsed once from the numbers that TypeScript wrote.
#pragma once
#include <stdint.h>

#include <string>
#include <vector>

#include "../cpu/kernel_table.h"

namespace quire {

struct Record {
  Kernel kernel;
  Args args;
  Plan plan;      // nullptr: none
  int ahead = 0;  // how many records later comes the next one that has a plan; 0: none
};

// Records are [opcode, number of arguments, arguments ...] one after the other. `relocations` are indexes into these
// numbers, of addresses that count from the start of the shared working memory.
class Program {
 public:
  // An empty string, or what is wrong with the numbers.
  std::string parse(const KernelTable& table, const double* numbers, size_t count, const int32_t* relocations, size_t numRelocations);
  // Makes relative addresses absolute.
  void placeAt(double base);
  const std::vector<Record>& records() const { return records_; }

 private:
  std::vector<double> numbers_;
  std::vector<int32_t> relocations_;
  std::vector<Record> records_;
  double base_ = 0;
};

}  // namespace quire
