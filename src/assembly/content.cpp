#include "assembly/content.hpp"

#include "assembly/raw.hpp"
#include "models/merged.hpp"

namespace chatwire::assembly {
namespace {

namespace merged = models::merged;

constexpr std::uint32_t type_slot = merged::content_part.find("type")->slot;
constexpr std::uint32_t text_slot = merged::content_part.find("text")->slot;
constexpr std::uint32_t thinking_slot = merged::content_part.find("thinking")->slot;
constexpr std::uint32_t thinking_type_slot = merged::thinking_part.find("type")->slot;
constexpr std::uint32_t thinking_text_slot = merged::thinking_part.find("text")->slot;

constexpr std::string_view text_start = R"({"type":"text","text":")";
constexpr std::string_view thinking_start = R"({"type":"thinking","thinking":[)";

// Whether an object has certain members and no others.
bool has_only(const decoder& from, std::uint32_t object, std::uint32_t first,
              std::uint32_t second) {
  const std::uint32_t* header = from.words() + object;
  return header[0] == (1U << first | 1U << second) && header[1] == 0 && header[2] == 0;
}

}  // namespace

bool content::add_text(std::string_view text) {
  if (form_ == form::absent || form_ == form::null) form_ = form::text;
  if (form_ == form::text) return value_.append(text);
  if (text.empty()) return true;
  if (open_ != open::text) {
    if (!begin_part(text_start)) return false;
    open_ = open::text;
  }
  return value_.append(text);
}

void content::add_null() {
  if (form_ == form::absent) form_ = form::null;
}

bool content::make_parts() {
  const form before = form_;
  form_ = form::parts;
  if (before != form::text || value_.size == 0) return true;
  piece text = value_;
  value_ = {};
  const bool made = add_text(text.view());
  text.release();
  return made;
}

std::string_view content::open_end() const {
  switch (open_) {
    case open::text:
      return R"("})";
    case open::thinking:
      return R"("}]})";
    case open::thinking_between:
      return "]}";
    default:
      return {};
  }
}

bool content::close_part() {
  const std::string_view end = open_end();
  open_ = open::none;
  return value_.append(end);
}

bool content::begin_part(std::string_view start) {
  return close_part() && (value_.size == 0 || value_.append(",")) && value_.append(start);
}

bool content::add_part(const decoder& from, std::uint32_t part, std::string_view source) {
  if (form_ != form::parts && !make_parts()) return false;
  const models::table_object& schema = merged_object(models::model::content_part);
  if (from.holds(part, type_slot)) {
    const std::string_view type = from.source(part, schema, type_slot);
    if (type == R"("text")" && from.holds(part, text_slot) &&
        has_only(from, part, type_slot, text_slot)) {
      return add_text(inside(from.source(part, schema, text_slot)));
    }
    if (type == R"("thinking")" && from.holds(part, thinking_slot)) return add_thinking(from, part);
  }
  return begin_part(source);
}

bool content::add_thinking(const decoder& from, std::uint32_t part) {
  if (open_ != open::thinking && open_ != open::thinking_between) {
    if (!begin_part(thinking_start)) return false;
    open_ = open::thinking_between;
  }
  const models::table_object& part_schema = merged_object(models::model::content_part);
  const models::table_object& schema = merged_object(models::model::thinking_part);
  const std::string_view list = trim(inside(from.source(part, part_schema, thinking_slot)));
  const std::uint32_t at = decoder::slot_word(part, thinking_slot);
  const std::uint32_t count = from.words()[at + 1];
  std::uint32_t item = from.words()[at];
  const auto separate = [this] {
    if (open_ == open::thinking && !value_.append(R"("})")) return false;
    open_ = open::thinking_between;
    return value_.view().back() == '[' || value_.append(",");
  };
  bool plain = count != 0;  // all of it is text
  for (std::uint32_t i = 0, each = item; i < count; ++i, each = from.words()[each + 3]) {
    plain = plain && has_only(from, each, thinking_type_slot, thinking_text_slot) &&
            from.source(each, schema, thinking_type_slot) == R"("text")";
  }
  if (!plain) {
    if (!list.empty() && (!separate() || !value_.append(list))) return false;
  }
  for (std::uint32_t i = 0; plain && i < count; ++i, item = from.words()[item + 3]) {
    if (open_ != open::thinking && (!separate() || !value_.append(text_start))) return false;
    open_ = open::thinking;
    if (!value_.append(inside(from.source(item, schema, thinking_text_slot)))) return false;
  }
  // What else it has ends it: a signature, or that it is closed.
  if (has_only(from, part, type_slot, thinking_slot)) return true;
  const std::string_view end = open_end();
  if (!value_.append(end.substr(0, end.size() - 1))) return false;
  open_ = open::none;
  const std::uint32_t there = from.words()[part] | from.words()[part + 1];
  for (std::uint32_t slot = 0; slot < part_schema.count; ++slot) {
    if ((there >> slot & 1U) == 0 || slot == type_slot || slot == thinking_slot) continue;
    const models::table_field& field = models::table_fields[part_schema.field + slot];
    if (!value_.append(",\"") || !value_.append(name_of(field)) || !value_.append("\":") ||
        !value_.append(from.source(part, part_schema, slot)))
      return false;
  }
  for (std::uint32_t entry = from.words()[part + 2]; entry != 0; entry = from.words()[entry]) {
    if (from.words()[entry + 1] != 0) continue;
    if (!value_.append(",") || !value_.append(from.extra_source(entry))) return false;
  }
  return value_.append("}");
}

bool content::write(piece& to) const {
  switch (form_) {
    case form::text:
      return to.append("\"") && to.append(value_.view()) && to.append("\"");
    case form::parts:
      return to.append("[") && to.append(value_.view()) && to.append(open_end()) && to.append("]");
    default:
      return to.append("null");
  }
}

}  // namespace chatwire::assembly
