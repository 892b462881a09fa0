#if __has_include(<chatwire/chatwire.hpp>)
#include <chatwire/chatwire.hpp>
#else
#include <chatwire/limits.hpp>
#endif

int main() { return chatwire::limits{}.depth == 128 ? 0 : 1; }
