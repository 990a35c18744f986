/* A plain Monte-Carlo tree search (UCT), against which the computer is measured: each playout goes
   down the tree by upper confidence bounds, adds what follows from one position, and plays on at
   random to the end. It takes a match that it can win at once. */
#include "rules.h"

#define EXPLORE 0.9

typedef struct {
    Turn turn;
    int8_t result;      /* of the position after the turn, -1 while it goes on */
    int first, many;    /* what follows; first -1 while nothing is known of it */
    int visits;
    float won;          /* by whoever made the turn: a draw is a half */
} Node;

static Node *nodes;
static int used;

static void expand(int at, const Position *p) {
    Turn ts[120];
    int many = turns(p, ts);
    nodes[at].first = used; nodes[at].many = many;
    for (int i = 0; i < many; i++) {
        Position q = *p;
        play(&q, ts[i], 0);
        nodes[used++] = (Node){ts[i], q.result, -1, 0, 0, 0};
    }
}

static int playout(Position p) {
    while (p.result < 0) {
        int board = p.target;
        if (board == FREE) { /* any free cell of any open board, each as likely */
            int total = 0, counts[9];
            for (int b = 0; b < 9; b++) {
                const uint16_t *m = marks_of[p.local[b]];
                counts[b] = p.decided >> b & 1 ? 0 : 9 - __builtin_popcount(m[0] | m[1]);
                total += counts[b];
            }
            int pick = below(total);
            for (board = 0; pick >= counts[board]; board++) pick -= counts[board];
        }
        const uint16_t *m = marks_of[p.local[board]];
        int open = FULL & ~(m[0] | m[1]);
        for (int pick = below(__builtin_popcount(open)); pick; pick--) open &= open - 1;
        play(&p, (Turn){0, board, __builtin_ctz(open)}, 0);
    }
    return p.result;
}

static int choose(int at) {
    const Node *n = &nodes[at];
    float best = -1, base = EXPLORE * EXPLORE * logf((float)n->visits);
    int pick = n->first;
    for (int i = n->first; i < n->first + n->many; i++) {
        if (!nodes[i].visits) return i;
        float v = nodes[i].won / nodes[i].visits + sqrtf(base / nodes[i].visits);
        if (v > best) best = v, pick = i;
    }
    return pick;
}

/* The turn, 9 * board + cell, that so many playouts prefer; locals, target and mover as in rules.h. */
int mcts_turn(const uint16_t *locals, int target, int mover, int playouts, uint64_t seed) {
    static int ready;
    if (!ready) set_up_rules(), ready = 1;
    seed_state = seed | 1;
    Position root = start(0);
    root.target = target; root.mover = mover;
    for (int b = 0; b < 9; b++) {
        root.local[b] = locals[b];
        int s = status_of[locals[b]];
        if (s) root.decided |= 1 << b;
        if (s == X_WON || s == O_WON) root.won[s - 1] |= 1 << b;
    }
    nodes = realloc(nodes, ((size_t)playouts + 2) * 81 * sizeof *nodes);
    used = 1;
    nodes[0] = (Node){.first = -1, .result = -1};
    expand(0, &root);
    for (int i = 0; i < nodes[0].many; i++)
        if (nodes[1 + i].result == mover) return 9 * nodes[1 + i].turn.a + nodes[1 + i].turn.b;
    for (int n = 0; n < playouts; n++) {
        int path[90], length = 0, at = 0, result;
        Position p = root;
        path[length++] = 0;
        while (nodes[at].first >= 0 && nodes[at].result < 0) {
            at = choose(at);
            play(&p, nodes[at].turn, 0);
            path[length++] = at;
            if (!nodes[at].visits) break;
        }
        if (p.result < 0 && nodes[at].visits && nodes[at].first < 0) {
            expand(at, &p);
            at = choose(at);
            play(&p, nodes[at].turn, 0);
            path[length++] = at;
        }
        result = playout(p);
        for (int i = 0, who = 1 - mover; i < length; i++, who = 1 - who) {
            nodes[path[i]].visits++;
            nodes[path[i]].won += result == 2 ? 0.5f : result == who;
        }
    }
    int best = 1;
    for (int i = 1; i <= nodes[0].many; i++)
        if (nodes[i].visits > nodes[best].visits) best = i;
    return 9 * nodes[best].turn.a + nodes[best].turn.b;
}
