#include "model_text.hpp"

#include <cstring>

#include "models/contracts.hpp"
#include "models/tables.hpp"

namespace chatwire {
namespace {

using models::kind;

// By kind: text, integer, count, number, boolean, object, objects, integers, numbers, texts, open,
// content.
constexpr char letters[] = " nnnbolaasjc";
static_assert(sizeof letters == static_cast<std::size_t>(kind::content) + 2);
static_assert(static_cast<std::size_t>(models::model::count_) <= 100, "numbers of two digits");

constexpr std::size_t longest_text = [] {
  std::size_t longest = 0;
  for (const models::object_schema* model : models::merged::all) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < model->count; ++i)
      length += model->fields[i].name().size() + sizeof " :o00" - 1;
    if (length > longest) longest = length;
  }
  return longest;
}();

// Of a fixed size: memory must not grow while JavaScript reads a tape.
char made[longest_text];

}  // namespace

const char* model_text(std::uint32_t number) {
  models::load_tables();
  const models::table_object& object = models::table_objects[number];
  char* to = made;
  for (std::uint32_t i = 0; i < object.count; ++i) {
    const models::table_field& field = models::table_fields[object.field + i];
    if (i != 0) *to++ = ' ';
    std::memcpy(to, models::name_at(field), field.name_length);
    to += field.name_length;
    if (field.of == kind::text) continue;
    *to++ = ':';
    *to++ = letters[static_cast<std::size_t>(field.of)];
    if (field.of == kind::object || field.of == kind::objects || field.of == kind::content) {
      *to++ = static_cast<char>('0' + field.object / 10);
      *to++ = static_cast<char>('0' + field.object % 10);
    }
  }
  *to = '\0';
  return made;
}

}  // namespace chatwire
