use std::fmt;
use std::ops::Mul;

pub const STEFAN_BOLTZMANN: f64 = 5.670_374_419e-8; // W·m⁻²·K⁻⁴
pub const PARSEC_M: f64 = 3.085_677_581e16;
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
const FLAG_COMPRESSED: u8 = 0b0000_0001;
const FLAG_SIGNED: u8 = 1 << 7;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix<const R: usize, const C: usize>(pub [[f64; C]; R]);

impl<const R: usize, const K: usize, const C: usize> Mul<Matrix<K, C>> for Matrix<R, K> {
    type Output = Matrix<R, C>;

    fn mul(self, rhs: Matrix<K, C>) -> Self::Output {
        Matrix(std::array::from_fn(|i| std::array::from_fn(|j| (0..K).map(|k| self.0[i][k] * rhs.0[k][j]).sum())))
    }
}

impl<const R: usize, const C: usize> fmt::Display for Matrix<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = f.precision().unwrap_or(3);
        for row in &self.0 {
            let cells: Vec<String> = row.iter().map(|x| format!("{x:>10.precision$}")).collect();
            writeln!(f, "⎢{}⎥", cells.join(" "))?;
        }
        Ok(())
    }
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(FNV_OFFSET, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(FNV_PRIME))
}

fn main() {
    let a = Matrix([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    print!("{:.2}", a * Matrix([[0.5], [-1e-2], [2.5e1]]));
    println!("{:#018x} {:08b} {:e} {PARSEC_M:.2e}", fnv1a("naïve".as_bytes()), !FLAG_SIGNED | FLAG_COMPRESSED, STEFAN_BOLTZMANN);
    println!("{:?} {} {}", i8::from_str_radix("-7f", 16), u32::MAX.count_ones(), f64::NAN.max(1_000.0));
}
