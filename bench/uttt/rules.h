/* The rules of ultimate tic-tac-toe, and its variant with swaps, for the programs of this folder. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOCALS 19683 /* 3^9: a local board as a number in base 3, cell 0 first; 1 X, 2 O */
#define FULL 511
#define FREE 9 /* target: any undecided board */
#define X_WON 1
#define O_WON 2
#define DRAWN 3

typedef struct {
    uint16_t local[9];
    uint16_t won[2]; /* nine bits each */
    uint16_t decided;
    uint8_t target, mover, left[2]; /* swaps left */
    int8_t barred_a, barred_b;      /* the swap just made */
    int8_t result;                  /* -1 none, 0 X, 1 O, 2 draw */
} Position;

typedef struct { uint8_t kind, a, b; } Turn; /* kind 0: board a, cell b; 1: swap of a and b */

static uint16_t marks_of[LOCALS][2];
static uint8_t status_of[LOCALS];
static uint8_t has_line[512];
static int power[9];
static const int LINES[8] = {0007, 0070, 0700, 0111, 0222, 0444, 0421, 0124};

static uint64_t seed_state = 88172645463325252ull;
static inline uint32_t chance(void) {
    seed_state ^= seed_state << 13; seed_state ^= seed_state >> 7; seed_state ^= seed_state << 17;
    return (uint32_t)(seed_state >> 32);
}
static inline int below(int n) { return (int)(((uint64_t)chance() * n) >> 32); }
static inline double unit(void) { return chance() / 4294967296.0; }

static void set_up_rules(void) {
    for (int bits = 0; bits < 512; bits++)
        for (int l = 0; l < 8; l++)
            if ((bits & LINES[l]) == LINES[l]) has_line[bits] = 1;
    for (int i = 0, p = 1; i < 9; i++, p *= 3) power[i] = p;
    for (int n = 0; n < LOCALS; n++) {
        for (int i = 0; i < 9; i++) {
            int mark = n / power[i] % 3;
            if (mark) marks_of[n][mark - 1] |= 1 << i;
        }
        int x = marks_of[n][0], o = marks_of[n][1];
        status_of[n] = has_line[x] ? X_WON : has_line[o] ? O_WON : (x | o) == FULL ? DRAWN : 0;
    }
}

static Position start(int swaps) {
    Position p = {0};
    p.target = FREE; p.left[0] = p.left[1] = swaps; p.barred_a = -1; p.result = -1;
    return p;
}

static inline void settle(Position *p, int who) {
    if (has_line[p->won[who]]) p->result = who;
    else if (has_line[p->won[1 - who]]) p->result = 1 - who;
    else if (p->decided == FULL) p->result = 2;
}

static inline void play(Position *p, Turn t, int variant) {
    int who = p->mover;
    if (t.kind) {
        int a = t.a, b = t.b;
        uint16_t n = p->local[a]; p->local[a] = p->local[b]; p->local[b] = n;
        uint16_t *sets[3] = {&p->won[0], &p->won[1], &p->decided};
        for (int i = 0; i < 3; i++) {
            int differ = (*sets[i] >> a ^ *sets[i] >> b) & 1;
            *sets[i] ^= differ << a | differ << b;
        }
        p->left[who]--; p->barred_a = a; p->barred_b = b;
        settle(p, who);
    } else {
        uint16_t n = p->local[t.a] += power[t.b] * (1 + who);
        int s = status_of[n];
        if (s) {
            p->decided |= 1 << t.a;
            if (s != DRAWN) p->won[who] |= 1 << t.a;
            settle(p, who);
        }
        p->target = variant || p->decided >> t.b & 1 ? FREE : t.b;
        p->barred_a = -1;
    }
    p->mover = 1 - who;
}

static int turns(const Position *p, Turn *out) {
    int n = 0;
    for (int b = 0; b < 9; b++) {
        if (p->target != FREE && p->target != b) continue;
        if (p->decided >> b & 1) continue;
        int taken = marks_of[p->local[b]][0] | marks_of[p->local[b]][1];
        for (int c = 0; c < 9; c++)
            if (!(taken >> c & 1)) out[n++] = (Turn){0, b, c};
    }
    if (p->left[p->mover])
        for (int a = 0; a < 9; a++)
            for (int b = a + 1; b < 9; b++)
                if (p->barred_a != a || p->barred_b != b) out[n++] = (Turn){1, a, b};
    return n;
}
