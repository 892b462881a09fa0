// The memory of the module: blocks whose sizes are powers of two, and a list of free ones for each
// size. The core holds a handful of buffers that grow and live long, for which this is as good as a
// general allocator, at a tenth of its size. Null: there is no memory left.
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

// In front of each block, so that what it holds is aligned to 16 bytes: which size it has.
struct alignas(16) header {
  std::uint32_t size_class;
  header* next_free;
};
constexpr std::uint32_t smallest_class = 6;  // 64 bytes
constexpr std::uint32_t largest_class = 30;

header* free_blocks[largest_class + 1];

extern "C" char __heap_base;  // set by the linker: where the memory is nobody's yet
std::uintptr_t heap_top = 0;

constexpr std::size_t page = 65536;

// Has memory end at `end` or later. By a fifth at least where that can be had: each time takes
// time, and JavaScript makes new views.
bool grow_to(std::size_t end) {
  const std::size_t pages = __builtin_wasm_memory_size(0);
  const std::size_t needed = (end - 1) / page + 1;
  if (needed <= pages) return true;
  constexpr std::size_t most_at_will = (std::size_t{96} << 20U) / page;
  std::size_t at_will = pages + pages / 5;
  if (at_will > needed + most_at_will) at_will = needed + most_at_will;
  const auto grow = [pages](std::size_t to) {
    return __builtin_wasm_memory_grow(0, to - pages) != SIZE_MAX;
  };
  return (at_will > needed && grow(at_will)) || grow(needed);
}

// Memory at the end of the heap.
void* extend(std::size_t bytes) {
  if (heap_top == 0) {
    heap_top = (reinterpret_cast<std::uintptr_t>(&__heap_base) + 15) & ~std::uintptr_t{15};
  }
  const std::uintptr_t start = heap_top;
  if (bytes > SIZE_MAX - start) return nullptr;
  const std::uintptr_t end = start + bytes;
  if (!grow_to(end)) return nullptr;
  heap_top = end;
  return reinterpret_cast<void*>(start);
}

// A free block of this size, or null.
header* reuse(std::uint32_t size_class) {
  header* block = free_blocks[size_class];
  if (block != nullptr) free_blocks[size_class] = block->next_free;
  return block;
}

void give_back(header* block) {
  block->next_free = free_blocks[block->size_class];
  free_blocks[block->size_class] = block;
}

// A part of a larger free block, where no more memory is to be had; what is left of that becomes
// smaller ones.
header* split(std::uint32_t size_class) {
  std::uint32_t held = size_class;
  header* block = nullptr;
  while (block == nullptr && held < largest_class) block = reuse(++held);
  if (block == nullptr) return nullptr;
  block->size_class = size_class;
  std::uint8_t* rest = reinterpret_cast<std::uint8_t*>(block + 1) + (std::size_t{1} << size_class);
  std::size_t left = (std::size_t{1} << held) - (std::size_t{1} << size_class);
  for (std::uint32_t part = held - 1; part >= smallest_class; --part) {
    const std::size_t bytes = (std::size_t{1} << part) + sizeof(header);
    if (bytes > left) continue;
    header* made = reinterpret_cast<header*>(rest);
    made->size_class = part;
    give_back(made);
    rest += bytes;
    left -= bytes;
  }
  return block;
}

void* take(std::uint32_t size_class) {
  header* block = reuse(size_class);
  if (block != nullptr) return block + 1;
  block = static_cast<header*>(extend((std::size_t{1} << size_class) + sizeof(header)));
  if (block != nullptr) {
    block->size_class = size_class;
  } else {
    block = split(size_class);
  }
  return block == nullptr ? nullptr : block + 1;
}

}  // namespace

extern "C" {

// What libraries call where they give up; theirs would ask the host.
[[noreturn]] void abort() { __builtin_trap(); }

void* malloc(std::size_t size) {
  std::uint32_t size_class = smallest_class;
  if (size > std::size_t{1} << smallest_class)
    size_class = 32 - static_cast<std::uint32_t>(__builtin_clz(size - 1));
  return size_class <= largest_class ? take(size_class) : nullptr;
}

void free(void* memory) {
  if (memory != nullptr) give_back(static_cast<header*>(memory) - 1);
}

void* realloc(void* memory, std::size_t size) {
  if (memory == nullptr) return malloc(size);
  const std::size_t held = std::size_t{1} << (static_cast<header*>(memory) - 1)->size_class;
  if (size <= held) return memory;
  void* moved = malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, held);
  free(memory);
  return moved;
}

}  // extern "C"
