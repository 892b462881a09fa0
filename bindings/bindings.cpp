// What JavaScript sees of the core. Functions take and return integers only: anything else costs
// more than the decoding (a std::string argument a hundred times as much). They are free functions
// over a handle, because embind's classes would be a third of all that a page loads.
#include <new>

#include <emscripten/bind.h>

#include "model_text.hpp"
#include "session.hpp"

namespace {

using chatwire::session;
using chatwire::stream;
using handle = std::uint32_t;

session* at(handle of) { return reinterpret_cast<session*>(of); }

handle open_session() {
  return reinterpret_cast<handle>(new (std::nothrow) session);  // 0: no memory
}
handle input(handle of, std::uint32_t bytes) { return at(of)->input(bytes); }
void limit(handle of, std::uint32_t body_bytes, std::uint32_t event_bytes, std::uint32_t depth,
           std::uint32_t choices, std::uint32_t tool_calls) {
  at(of)->limit(body_bytes, event_bytes, depth, choices, tool_calls);
}
std::uint32_t decode(handle of, std::uint32_t length, std::uint32_t options) {
  return at(of)->decode(length, options);
}
void shrink(handle of, std::uint32_t bytes) { at(of)->shrink(bytes); }
stream& stream_at(handle of) { return *reinterpret_cast<stream*>(of); }

handle open_stream(handle of, std::uint32_t options) {
  return reinterpret_cast<handle>(at(of)->open_stream(options));  // 0: no memory
}
handle stream_input(handle of, handle stream, std::uint32_t bytes) {
  return at(of)->stream_input(stream_at(stream), bytes);
}
std::uint32_t feed(handle of, handle stream, std::uint32_t length, std::uint32_t wants) {
  return at(of)->feed(stream_at(stream), length, wants);
}
std::uint32_t finish(handle of, handle stream, std::uint32_t wants) {
  return at(of)->finish(stream_at(stream), wants);
}
std::uint32_t complete(handle of, handle stream, std::uint32_t final) {
  return at(of)->complete(stream_at(stream), final != 0);
}
std::uint32_t partial(handle of, handle stream, std::uint32_t choice, std::uint32_t tool_call) {
  return at(of)->partial(stream_at(stream), static_cast<std::int32_t>(choice), tool_call);
}
void reset_stream(handle stream) { stream_at(stream).reset(); }
void close_stream(handle stream) { session::close_stream(&stream_at(stream)); }

std::uint32_t model_text(std::uint32_t number) {
  return reinterpret_cast<std::uint32_t>(chatwire::model_text(number));
}

}  // namespace

EMSCRIPTEN_BINDINGS(chatwire) {
  emscripten::function("openSession", &open_session);
  emscripten::function("input", &input);
  emscripten::function("limit", &limit);
  emscripten::function("decode", &decode);
  emscripten::function("shrink", &shrink);
  emscripten::function("openStream", &open_stream);
  emscripten::function("streamInput", &stream_input);
  emscripten::function("feed", &feed);
  emscripten::function("finish", &finish);
  emscripten::function("complete", &complete);
  emscripten::function("partial", &partial);
  emscripten::function("resetStream", &reset_stream);
  emscripten::function("closeStream", &close_stream);
  emscripten::function("modelText", &model_text);
}
