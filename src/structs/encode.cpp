#include "chatwire/encode.hpp"

#include "structs/generated/descriptions.hpp"
#include "structs/json_text.hpp"
#include "structs/members.hpp"

namespace chatwire {
namespace {

template <class Model>
std::string encode_model(const Model& model) {
  structs::json_text sink;
  structs::put_object(sink, model);
  return sink.take();
}

}  // namespace

std::string encode(const chat_completion& completion) { return encode_model(completion); }
std::string encode(const chat_completion_chunk& chunk) { return encode_model(chunk); }

}  // namespace chatwire
