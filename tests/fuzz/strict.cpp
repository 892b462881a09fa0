// Decoding under each contract: what a document allows, decoding without one takes too, and both
// are what the input says.
#include "bodies.hpp"
#include "support.hpp"

using namespace chatwire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static test::tape_json decoder;
  const std::string_view bytes = fuzz::input(data, size).document();
  const test::oracle theirs(bytes);
  for (const body_kind kind : {body_kind::completion, body_kind::chunk}) {
    decoder_options options = test::options_for(kind);
    options.allow_empty_choices = true;
    const bool lenient = fuzz::check_body(decoder, bytes, options, theirs);
    const auto contracts = static_cast<std::uint32_t>(models::contract_id::count_);
    for (std::uint32_t i = 1; i < contracts; ++i) {
      CAPTURE(i);
      options.contract = static_cast<models::contract_id>(i);
      if (fuzz::check_body(decoder, bytes, options, theirs)) CHECK(lenient);
    }
  }
  return 0;
}
