package org.example.math;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public record Matrix(double[][] cells) {

    public static final double BOLTZMANN = 1.380649e-23; // J/K
    public static final long CRC_POLYNOMIAL = 0xEDB8_8320L;
    public static final int MASK_ALPHA = 0xFF00_0000;
    public static final float HALF = 0x1.0p-1f;
    private static final Pattern COMPLEX = Pattern.compile("([+-]?\\d+(?:\\.\\d+)?)\\s*([+-])\\s*(\\d+(?:\\.\\d+)?)i");

    public Matrix times(Matrix other) {
        int rows = cells.length;
        int cols = other.cells[0].length;
        double[][] product = new double[rows][cols];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                for (int k = 0; k < other.cells.length; k++) {
                    product[i][j] += cells[i][k] * other.cells[k][j];
                }
            }
        }
        return new Matrix(product);
    }

    @Override
    public String toString() {
        return Arrays.stream(cells)
                .map(row -> Arrays.stream(row).mapToObj(x -> String.format("%9.3f", x)).collect(Collectors.joining(" ", "|", "|")))
                .collect(Collectors.joining("\n"));
    }

    public static void main(String[] args) {
        System.out.println(new Matrix(new double[][] {{1, 2}, {3, 4}}).times(new Matrix(new double[][] {{0.5, -1e-3}, {1.25e2, 0}})));
        int argb = 0x80336699;
        System.out.printf("alpha=%d, rgb=#%06x, bits=%s, crc=%,d%n", (argb & MASK_ALPHA) >>> 24, argb & ~MASK_ALPHA, Integer.toBinaryString(0b1010 ^ 0xF), CRC_POLYNOMIAL);
        Matcher m = COMPLEX.matcher("3.5 - 2i");
        System.out.println(m.matches() ? "Re=" + m.group(1) + ", Im=" + m.group(2) + m.group(3) + ", k·½=" + BOLTZMANN * HALF : "–");
    }
}
