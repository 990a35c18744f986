/* Learns what the computer values in ultimate tic-tac-toe (app/bots/uttt/*.weights), from matches
   against itself: after each, every position's worth is moved towards what came of it. How to run
   it: bench/README.md. The numbers are those of app/bots/uttt/weights.py, in full. */
#include "rules.h"
#include <time.h>
#define SHAPES 27
#define TRIPLES (SHAPES * SHAPES * SHAPES)
#define COUNTS (10 * 10 * 16)

static float w_local[3][LOCALS], w_line[3][TRIPLES], w_sent[3][LOCALS], w_count[COUNTS];
static float *p_local[3][LOCALS], *p_line[3][TRIPLES], *p_sent[2][3][LOCALS];
static float s_local[LOCALS], s_line[TRIPLES];
static uint8_t shape_of[LOCALS];
static int swapped[LOCALS];
static const int PLACE[9] = {0, 1, 0, 1, 2, 1, 0, 1, 0};
static const int IN_LINE[8][3] = {{0,1,2},{3,4,5},{6,7,8},{0,3,6},{1,4,7},{2,5,8},{0,4,8},{2,4,6}};
static const int LINE_KIND[8] = {0, 1, 0, 0, 1, 0, 2, 2};
static int variant;

static int level(int own, int other) {
    int best = 0, wins = 0;
    for (int l = 0; l < 8; l++) {
        if (other & LINES[l]) continue;
        int have = __builtin_popcount(own & LINES[l]);
        if (have + 1 > best) best = have + 1;
        if (have == 2) wins |= LINES[l] & ~own;
    }
    return best == 3 && __builtin_popcount(wins) > 1 ? 4 : best;
}
static int mirror(int s) { return s == 25 ? 26 : s == 26 ? 25 : s % 5 * 5 + s / 5; }

static int turned(int n, int how) { /* one of the eight symmetries */
    int m = 0;
    for (int c = 0; c < 9; c++) {
        int x = c % 3, y = c / 3, t;
        if (how & 1) x = 2 - x;
        if (how & 2) y = 2 - y;
        if (how & 4) t = x, x = y, y = t;
        m += n / power[c] % 3 * power[3 * y + x];
    }
    return m;
}

static void set_up_weights(void) {
    for (int n = 0; n < LOCALS; n++) {
        swapped[n] = 0;
        for (int c = 0; c < 9; c++) { int k = n / power[c] % 3; swapped[n] += (k ? 3 - k : 0) * power[c]; }
        int s = status_of[n];
        shape_of[n] = s == X_WON ? 25 : s == O_WON ? 26 : s == DRAWN ? 0
            : 5 * level(marks_of[n][0], marks_of[n][1]) + level(marks_of[n][1], marks_of[n][0]);
    }
    for (int n = 0; n < LOCALS; n++) {
        int least = LOCALS, least_other = LOCALS;
        for (int h = 0; h < 8; h++) {
            int m = turned(n, h); if (m < least) least = m;
            m = turned(swapped[n], h); if (m < least_other) least_other = m;
        }
        s_local[n] = least < least_other ? 1 : least > least_other ? -1 : 0;
        int both = least < least_other ? least : least_other;
        for (int k = 0; k < 3; k++) {
            p_local[k][n] = &w_local[k][both];
            p_sent[0][k][n] = &w_sent[k][least];
            p_sent[1][k][n] = &w_sent[k][least_other];
        }
    }
    for (int a = 0; a < SHAPES; a++) for (int b = 0; b < SHAPES; b++) for (int c = 0; c < SHAPES; c++) {
        int i = (a * SHAPES + b) * SHAPES + c, j = (c * SHAPES + b) * SHAPES + a;
        int A = mirror(a), B = mirror(b), C = mirror(c);
        int k = (A * SHAPES + B) * SHAPES + C, l = (C * SHAPES + B) * SHAPES + A;
        int own = i < j ? i : j, other = k < l ? k : l;
        s_line[i] = own < other ? 1 : own > other ? -1 : 0;
        for (int q = 0; q < 3; q++) p_line[q][i] = &w_line[q][own < other ? own : other];
    }
}

static int count_at(const Position *p) {
    int me = p->mover;
    int mine = __builtin_popcount(p->won[me]), his = __builtin_popcount(p->won[1 - me]);
    return ((mine * 10 + his) * 4 + p->left[me]) * 4 + p->left[1 - me];
}

static float value(const Position *p) { /* for the mover, as a logit */
    float v = 0;
    int shape[9];
    for (int b = 0; b < 9; b++) {
        int n = p->local[b];
        shape[b] = shape_of[n];
        if (s_local[n]) v += s_local[n] * *p_local[PLACE[b]][n];
    }
    for (int l = 0; l < 8; l++) {
        int i = (shape[IN_LINE[l][0]] * SHAPES + shape[IN_LINE[l][1]]) * SHAPES + shape[IN_LINE[l][2]];
        v += s_line[i] * *p_line[LINE_KIND[l]][i];
    }
    if (p->mover) v = -v;
    v += w_count[count_at(p)];
    if (p->target != FREE) v += *p_sent[p->mover][PLACE[p->target]][p->local[p->target]];
    return v;
}

static void teach(const Position *p, float step) {
    float sign = p->mover ? -step : step;
    int shape[9];
    for (int b = 0; b < 9; b++) {
        int n = p->local[b];
        shape[b] = shape_of[n];
        *p_local[PLACE[b]][n] += s_local[n] * sign;
    }
    for (int l = 0; l < 8; l++) {
        int i = (shape[IN_LINE[l][0]] * SHAPES + shape[IN_LINE[l][1]]) * SHAPES + shape[IN_LINE[l][2]];
        *p_line[LINE_KIND[l]][i] += s_line[i] * sign;
    }
    w_count[count_at(p)] += step;
    if (p->target != FREE) *p_sent[p->mover][PLACE[p->target]][p->local[p->target]] += step;
}

#define WIN 1000.0f
static float ended(const Position *p, int me) { return p->result == 2 ? 0 : p->result == me ? WIN : -WIN; }

typedef struct { Position after; float v; } Child;
static int by_value(const void *a, const void *b) {
    float x = ((const Child *)a)->v, y = ((const Child *)b)->v;
    return x < y ? 1 : x > y ? -1 : 0;
}
static long nodes;
static float search(const Position *p, int depth, float alpha, float beta) {
    Turn ts[120];
    Child kids[120];
    int n = turns(p, ts), me = p->mover;
    float best = -2 * WIN;
    for (int i = 0; i < n; i++) {
        kids[i].after = *p;
        play(&kids[i].after, ts[i], variant);
        nodes++;
        kids[i].v = kids[i].after.result >= 0 ? ended(&kids[i].after, me) : -value(&kids[i].after);
        if (kids[i].v >= WIN) return WIN - 1;
        if (depth <= 1) {
            if (kids[i].v > best) best = kids[i].v;
            if (best >= beta) return best;
        }
    }
    if (depth <= 1) return best;
    qsort(kids, n, sizeof *kids, by_value);
    for (int i = 0; i < n; i++) {
        float v = kids[i].after.result >= 0 ? kids[i].v : -search(&kids[i].after, depth - 1, -beta, -(alpha > best ? alpha : best));
        if (v > best) best = v;
        if (best >= beta) break;
    }
    return best;
}

static float sigmoid(float v) { return 1 / (1 + expf(-v)); }

/* weights as 16-bit numbers, thousandths of a logit */
static void put(FILE *f, const float *w, int n) {
    for (int i = 0; i < n; i++) {
        float v = w[i] * 1000; int16_t r = v > 32000 ? 32000 : v < -32000 ? -32000 : (int16_t)lrintf(v);
        fwrite(&r, 2, 1, f);
    }
}
static void save(const char *name) {
    FILE *f = fopen(name, "wb");
    put(f, w_local[0], 3 * LOCALS); put(f, w_line[0], 3 * TRIPLES);
    put(f, w_sent[0], 3 * LOCALS); put(f, w_count, COUNTS);
    fclose(f);
}
static void get(FILE *f, float *w, int n) {
    int16_t r;
    for (int i = 0; i < n; i++) if (fread(&r, 2, 1, f) == 1) w[i] = r / 1000.0f;
}
static void load(const char *name) {
    FILE *f = fopen(name, "rb");
    get(f, w_local[0], 3 * LOCALS); get(f, w_line[0], 3 * TRIPLES);
    get(f, w_sent[0], 3 * LOCALS); get(f, w_count, COUNTS);
    fclose(f);
}

#ifndef LIBRARY
int main(int argc, char **argv) { /* variant depth games file rate0 rate1 [load] */
    variant = atoi(argv[1]);
    int depth = atoi(argv[2]);
    long games = atol(argv[3]);
    float rate0 = atof(argv[5]), rate1 = atof(argv[6]);
    set_up_rules(); set_up_weights();
    if (argc > 7) load(argv[7]);
    seed_state ^= (uint64_t)time(0) * 2654435761u;
    double loss = 0; long seen = 0, results[3] = {0}, plies = 0;
    time_t began = time(0);
    for (long g = 0; g < games; g++) {
        float rate = rate0 * powf(rate1 / rate0, (float)g / games);
        static Position path[200]; static float found[200]; static char skip[200];
        Position p = start(variant ? 3 : 0);
        int n = 0, opening = below(14);
        while (p.result < 0) {
            Turn ts[120]; float vs[120]; int many = turns(&p, ts), pick = 0, best = 0;
            path[n] = p; skip[n] = n < opening;
            if (n < opening || unit() < 0.03) {
                do pick = below(many); while (ts[pick].kind && unit() < 0.9); /* swaps are few */
                skip[n] = 1;
            }
            else {
                float top = -9999, seen_top = -9999;
                for (int i = 0; i < many; i++) {
                    Position q = p; play(&q, ts[i], variant);
                    if (q.result >= 0) vs[i] = ended(&q, p.mover);
                    else vs[i] = -search(&q, depth - 1, -9999, seen_top > -9000 ? -(seen_top - 0.7f) : 9999);
                    if (vs[i] > seen_top) seen_top = vs[i], best = i;
                    float noisy = vs[i] + 0.25f * (float)(unit() + unit() - 1);
                    if (noisy > top) top = noisy, pick = i;
                }
                found[n] = vs[best];
            }
            play(&p, ts[pick], variant);
            n++;
        }
        results[p.result]++; plies += n;
        /* backwards: what a position is worth is between what came of it and what is seen from it */
        float worth_x = p.result == 2 ? 0.5f : p.result == 0 ? 1 : 0;
        for (int i = n - 1; i >= 0; i--) {
            if (skip[i] && i >= opening) { /* a blunder: what came after says nothing of before */
                float v = sigmoid(value(&path[i])); worth_x = path[i].mover ? 1 - v : v; continue;
            }
            if (i < opening) break;
            float target = path[i].mover ? 1 - worth_x : worth_x;
            float look = sigmoid(found[i]);
            float aim = 0.6f * target + 0.4f * look, v = value(&path[i]), c = sigmoid(v);
            loss += -(aim * logf(c + 1e-6f) + (1 - aim) * logf(1 - c + 1e-6f)); seen++;
            teach(&path[i], rate * (aim - c));
            float mixed = 0.85f * target + 0.15f * look;
            worth_x = path[i].mover ? 1 - mixed : mixed;
        }
        if ((g + 1) % (games / 20 ? games / 20 : 1) == 0) {
            printf("%ld games %lds loss %.4f X %ld O %ld draws %ld plies %.1f nodes %ld\n", g + 1, (long)(time(0) - began),
                loss / seen, results[0], results[1], results[2], (double)plies / (results[0] + results[1] + results[2]), nodes);
            fflush(stdout);
            loss = 0; seen = 0; plies = 0; memset(results, 0, sizeof results);
            save(argv[4]);
        }
    }
    save(argv[4]);
    return 0;
}
#endif
