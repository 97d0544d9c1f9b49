#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define DIM 3
#define BIT(n) (UINT32_C(1) << (n))

#define REG_ENABLE  BIT(0)
#define REG_IRQ     BIT(4)
#define REG_MODE    (0x3u << 8)     /* two bits: 00 off, 01 slow, 10 fast */
#define REG_INVALID 0xDEADBEEFu

static const double PI = 3.14159265358979323846;
static const double VACUUM_PERMITTIVITY = 8.8541878128e-12; /* F/m – ε₀ */
static const float THIRD = 0x1.555556p-2f;

typedef double mat3[DIM][DIM];

static void mat3_mul(mat3 out, mat3 a, mat3 b)
{
    for (int i = 0; i < DIM; i++)
        for (int j = 0; j < DIM; j++) {
            out[i][j] = 0.0;
            for (int k = 0; k < DIM; k++)
                out[i][j] += a[i][k] * b[k][j];
        }
}

int main(void)
{
    const double t = PI / 4;
    mat3 rot = { { cos(t), -sin(t), 0 }, { sin(t), cos(t), 0 }, { 0, 0, 1 } };
    mat3 scale = { { 2, 0, 0 }, { 0, .5, 0 }, { 0, 0, 1e0 } }, m;
    uint32_t reg = REG_ENABLE | REG_IRQ | (2u << 8);

    mat3_mul(m, rot, scale);
    for (int i = 0; i < DIM; i++)
        printf("[ %+8.4f %+8.4f %+8.4f ]\n", m[i][0], m[i][1], m[i][2]);
    reg = (reg & ~REG_MODE) | ((reg ^ REG_MODE) & REG_MODE);
    printf("reg=0x%08" PRIX32 " mode=%" PRIu32 " irq=%s\n", reg, (reg & REG_MODE) >> 8, reg & REG_IRQ ? "on" : "off");
    printf("%.4e %a %#o %u\n", VACUUM_PERMITTIVITY, (double)THIRD, 0755, REG_INVALID);
    return 0;
}
