/* Nothing: what it costs to start and to end. */
#include "work.h"

uint64_t work(uint64_t rounds)
{
    return rounds;
}
