#include "base/dfa.h"

static bool classes_fit(const struct dfa *dfa)
{
    if (dfa->nclasses < 1 || dfa->nclasses > 256) return false;
    for (int byte = 0; byte < 256; byte++)
        if (dfa->classes[byte] >= dfa->nclasses) return false;
    return true;
}

static bool dead_is_dead(const struct dfa *dfa)
{
    for (uint32_t i = 0; i < dfa->nclasses; i++)
        if (dfa->next[i] != DFA_DEAD) return false;
    return !dfa_accepts(dfa, DFA_DEAD);
}

bool dfa_valid(const struct dfa *dfa)
{
    if (dfa->states < 2 || !classes_fit(dfa)) return false;
    for (uint32_t i = 0; i < (uint32_t)dfa->states * dfa->nclasses; i++)
        if (dfa->next[i] >= dfa->states) return false;
    return dead_is_dead(dfa);
}
