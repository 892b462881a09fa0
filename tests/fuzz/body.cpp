// Lenient decoding of bodies and chunks: whatever the bytes are, what is left can be read, and only
// JSON is decoded.
#include "bodies.hpp"
#include "support.hpp"

using namespace chatwire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static test::tape_json decoder;
  fuzz::input from(data, size);
  const std::uint32_t choice = from.choice();
  decoder_options options;
  options.allow_empty_choices = (choice & 1U) != 0;
  options.keep_non_finite = (choice & 2U) != 0;
  if ((choice & 4U) != 0) options.limits = {512, 512, 5, 2, 2};
  const test::oracle theirs(from.document());
  for (const body_kind kind : {body_kind::completion, body_kind::chunk}) {
    options.kind = kind;
    fuzz::check_body(decoder, from.document(), options, theirs);
  }
  return 0;
}
