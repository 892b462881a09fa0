// How JavaScript names sessions: by their addresses.
#pragma once

#include <cstdint>

#include "session.hpp"

namespace chatwire {

using handle = std::uint32_t;

inline session* at(handle of) { return reinterpret_cast<session*>(of); }

}  // namespace chatwire
