#pragma once

namespace embedscope {

/// I_x(a, b), the regularised incomplete beta function. @param x 0..1; @param a, b Above 0.
double regularizedIncompleteBeta(double x, double a, double b);

/// Chance that Student's t lies at least as far from 0 as `t`, on both sides. @param degrees Of freedom, above 0.
double twoSidedP(double t, double degrees);

}  // namespace embedscope
