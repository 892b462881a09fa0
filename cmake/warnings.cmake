# One list of warnings for g++, clang++ and em++, all of them errors. It is for targets of this
# repository only: who builds chatwire as a part of a project of their own, with a compiler that we
# have not met, must not be stopped by a new warning.
add_library(chatwire_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(chatwire_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
endif()
