// chatwire: the decoder's tape, which is what WebAssembly runs, and structs.
#include <memory>

#include "chatwire/chatwire.hpp"
#include "chatwire/stream.hpp"
#include "ways.hpp"

namespace bench {

void add_chatwire(ways<std::string>& body_ways, ways<reads>& stream_ways) {
  const auto bodies_of = [](chatwire::decode_options options) {
    return [decoder = std::make_shared<chatwire::body_decoder>(options)](
               const std::string& body, sink& to) { to.completion(*decoder->decode(body)); };
  };
  body_ways["structs"] = bodies_of({});
  chatwire::decode_options strict;
  strict.contract = chatwire::contract::openai;
  body_ways["strict"] = bodies_of(strict);

  const auto stream_of = [](bool collect) {
    chatwire::stream_decode_options options;
    options.collect = collect;
    return std::make_shared<chatwire::stream_decoder>(options);
  };
  stream_ways["chunks"] = [decoder = stream_of(false)](const reads& all, sink& to) {
    decoder->reset();
    for (const std::string& read : all) {
      const auto chunks = decoder->feed(read);
      for (const chatwire::chat_completion_chunk& chunk : *chunks) to.chunk(chunk);
    }
    const auto last = decoder->finish();
    for (const chatwire::chat_completion_chunk& chunk : *last) to.chunk(chunk);
  };
  stream_ways["each"] = [decoder = stream_of(false)](const reads& all, sink& to) {
    decoder->reset();
    const auto show = [&to](const chatwire::chat_completion_chunk& chunk) { to.chunk(chunk); };
    for (const std::string& read : all) static_cast<void>(decoder->feed_each(read, show));
    static_cast<void>(decoder->finish_each(show));
  };
  stream_ways["completion"] = [decoder = stream_of(true)](const reads& all, sink& to) {
    decoder->reset();
    for (const std::string& read : all) static_cast<void>(decoder->feed(read));
    static_cast<void>(decoder->finish());
    to.completion(*decoder->completion());
  };
}

}  // namespace bench
