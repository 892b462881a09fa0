// Lets fuzzers use the checks of tests: the first one that fails is a finding.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdlib>
#include <iostream>

#include <doctest/doctest.h>

#include "models/tables.hpp"

namespace {

void report(const doctest::AssertData& failed) {
  std::cerr << failed.m_file << ":" << failed.m_line << ": " << failed.m_expr << " is "
            << failed.m_decomp << "\n";
  const auto* const* context = doctest::IReporter::get_active_contexts();
  for (int i = 0; i < doctest::IReporter::get_num_active_contexts(); ++i) {
    context[i]->stringify(&std::cerr);
    std::cerr << "\n";
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*values*/) {
  static doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler(report);
  chatwire::models::load_tables();
  return 0;
}
