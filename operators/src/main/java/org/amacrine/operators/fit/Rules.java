package org.amacrine.operators.fit;

import java.util.Arrays;

/**
 * The rules by which gradients move parameters. Everywhere g is the gradient, n the number of the step from 1, and
 * {@code weightDecay theta} is added to g first where there is one.
 *
 * <p>Follows the reference, in whose library the rules have these forms, also where a paper's differ: for example, epsilon is added
 * to the root after its correction in {@link Adam}.
 */
final class Rules {
    private Rules() {}

    /** Gradient descent: {@code b = m b + (1 - d) g} (at first g), {@code theta -= lr b}; with Nesterov's look ahead g + m b. */
    static final class Sgd extends GradientRule {
        private final double rate;
        private final double momentum;
        private final double dampening;
        private final double decay;
        private final boolean nesterov;

        Sgd(int size, Arguments a) {
            super(size, 1);
            rate = a.get("lr", Double.NaN);
            momentum = a.get("momentum", 0);
            dampening = a.get("dampening", 0);
            decay = a.get("weightDecay", 0);
            nesterov = a.isOn("nesterov");
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException(
                        "nesterov of sgd looks ahead by the momentum, which is 0; give one, for example momentum=0.9");
            }
            if (nesterov && dampening != 0) {
                throw new IllegalArgumentException("nesterov of sgd goes with a dampening of 0 but it was " + dampening
                        + "; leave one of them out");
            }
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            if (momentum == 0) {
                return theta - rate * g;
            }
            double[] b = memory(0);
            b[i] = count() == 1 ? g : momentum * b[i] + (1 - dampening) * g;
            return theta - rate * (nesterov ? g + momentum * b[i] : b[i]);
        }
    }

    /** What the family of Adam shares: moments m and v of the gradient. */
    private abstract static class Moments extends GradientRule {
        final double rate;
        final double beta1;
        final double beta2;
        final double epsilon;
        final double decay;
        double correction1;
        double correction2;

        Moments(int size, int kinds, Arguments a, double defaultRate, double defaultDecay) {
            super(size, kinds);
            rate = a.get("lr", defaultRate);
            beta1 = a.share("beta1", 0.9);
            beta2 = a.share("beta2", 0.999);
            epsilon = a.get("eps", 1e-8);
            decay = a.get("weightDecay", defaultDecay);
        }

        @Override
        void begin() {
            correction1 = 1 - Math.pow(beta1, count());
            correction2 = 1 - Math.pow(beta2, count());
        }

        /** {@code m = beta1 m + (1 - beta1) g}. */
        final double first(int i, double g) {
            return memory(0)[i] = beta1 * memory(0)[i] + (1 - beta1) * g;
        }

        /** {@code v = beta2 v + (1 - beta2) g²}. */
        final double second(int i, double g) {
            return memory(1)[i] = beta2 * memory(1)[i] + (1 - beta2) * g * g;
        }
    }

    /**
     * Kingma and Ba (2015): {@code theta -= lr / (1 - beta1^n) m / (sqrt(v) / sqrt(1 - beta2^n) + eps)}, where v may be its greatest
     * value so far. Decoupled (Loshchilov and Hutter 2019), the weight decay is {@code theta *= 1 - lr weightDecay} instead.
     */
    static final class Adam extends Moments {
        private final boolean decoupled;
        private final boolean amsgrad;

        Adam(int size, Arguments a, boolean decoupled) {
            super(size, 3, a, 0.001, decoupled ? 0.01 : 0);
            this.decoupled = decoupled;
            amsgrad = a.isOn("amsgrad");
        }

        @Override
        double move(int i, double theta, double gradient) {
            double start = decoupled ? theta * (1 - rate * decay) : theta;
            double g = decoupled ? gradient : gradient + decay * theta;
            double m = first(i, g);
            double v = second(i, g);
            if (amsgrad) {
                v = memory(2)[i] = Math.max(memory(2)[i], v);
            }
            return start - rate / correction1 * m / (Math.sqrt(v) / Math.sqrt(correction2) + epsilon);
        }
    }

    /** Kingma and Ba (2015), section 7: {@code u = max(beta2 u, |g| + eps)}, {@code theta -= lr / (1 - beta1^n) m / u}. */
    static final class Adamax extends Moments {
        Adamax(int size, Arguments a) {
            super(size, 2, a, 0.002, 0);
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            double u = memory(1)[i] = Math.max(beta2 * memory(1)[i], Math.abs(g) + epsilon);
            return theta - rate / correction1 * first(i, g) / u;
        }
    }

    /** Dozat (2016): Adam with Nesterov's momentum, {@code mu_n = beta1 (1 - 0.5 · 0.96^(n momentumDecay))}. */
    static final class Nadam extends Moments {
        private final double momentumDecay;
        private double now;
        private double next;
        private double product = 1;
        /** Steps whose factors are in the product. */
        private long multiplied;

        Nadam(int size, Arguments a) {
            super(size, 2, a, 0.002, 0);
            momentumDecay = a.get("momentumDecay", 0.004);
        }

        @Override
        void begin() {
            super.begin();
            if (multiplied > count() - 1) {
                product = 1;
                multiplied = 0;
            }
            while (multiplied < count()) {
                now = mu(++multiplied);
                product *= now;
            }
            next = mu(count() + 1);
        }

        private double mu(long n) {
            return beta1 * (1 - 0.5 * Math.pow(0.96, n * momentumDecay));
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            double m = first(i, g);
            double root = Math.sqrt(second(i, g) / correction2) + epsilon;
            return theta - rate * (1 - now) / (1 - product) * g / root - rate * next / (1 - product * next) * m / root;
        }
    }

    /** Liu et al. (2020): Adam that waits with adapting until the variance of v is tractable, {@code rho > 5}. */
    static final class Radam extends Moments {
        private double size;
        private boolean adapts;

        Radam(int size, Arguments a) {
            super(size, 2, a, 0.001, 0);
        }

        @Override
        void begin() {
            super.begin();
            double most = 2 / (1 - beta2) - 1;
            double rho = most - 2 * count() * Math.pow(beta2, count()) / correction2;
            adapts = rho > 5;
            size = rate / correction1;
            if (adapts) {
                size *= Math.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
                        * Math.sqrt(correction2);
            }
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            double m = first(i, g);
            double v = second(i, g);
            return theta - size * m / (adapts ? Math.sqrt(v) + epsilon : 1);
        }
    }

    /** Duchi et al. (2011): {@code s += g²}, {@code theta -= lr / (1 + (n - 1) lrDecay) g / (sqrt(s) + eps)}. */
    static final class Adagrad extends GradientRule {
        private final double rate;
        private final double rateDecay;
        private final double epsilon;
        private final double decay;

        Adagrad(int size, Arguments a) {
            super(size, 1);
            rate = a.get("lr", 0.01);
            rateDecay = a.get("lrDecay", 0);
            epsilon = a.get("eps", 1e-10);
            decay = a.get("weightDecay", 0);
            Arrays.fill(memory(0), a.get("initial", 0));
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            memory(0)[i] += g * g;
            return theta - rate / (1 + (count() - 1) * rateDecay) * g / (Math.sqrt(memory(0)[i]) + epsilon);
        }
    }

    /**
     * Zeiler (2012): {@code s = rho s + (1 - rho) g²}, {@code d = sqrt(a + eps) / sqrt(s + eps) g}, {@code a = rho a + (1 - rho) d²},
     * {@code theta -= lr d}.
     */
    static final class Adadelta extends GradientRule {
        private final double rate;
        private final double rho;
        private final double epsilon;
        private final double decay;

        Adadelta(int size, Arguments a) {
            super(size, 2);
            rate = a.get("lr", 1);
            rho = a.share("rho", 0.9);
            epsilon = a.get("eps", 1e-6);
            decay = a.get("weightDecay", 0);
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            double[] s = memory(0);
            double[] a = memory(1);
            s[i] = rho * s[i] + (1 - rho) * g * g;
            double d = Math.sqrt(a[i] + epsilon) / Math.sqrt(s[i] + epsilon) * g;
            a[i] = rho * a[i] + (1 - rho) * d * d;
            return theta - rate * d;
        }
    }

    /**
     * Tieleman and Hinton (2012): {@code s = alpha s + (1 - alpha) g²}, {@code theta -= lr g / (sqrt(s) + eps)}; centred, with the
     * square of the running mean of g taken from s; with momentum, {@code b = m b + g / (..)}, {@code theta -= lr b}.
     */
    static final class RmsProp extends GradientRule {
        private final double rate;
        private final double alpha;
        private final double epsilon;
        private final double decay;
        private final double momentum;
        private final boolean centred;

        RmsProp(int size, Arguments a) {
            super(size, 3);
            rate = a.get("lr", 0.01);
            alpha = a.share("alpha", 0.99);
            epsilon = a.get("eps", 1e-8);
            decay = a.get("weightDecay", 0);
            momentum = a.get("momentum", 0);
            centred = a.isOn("centered");
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            double s = memory(0)[i] = alpha * memory(0)[i] + (1 - alpha) * g * g;
            if (centred) {
                double mean = memory(1)[i] = alpha * memory(1)[i] + (1 - alpha) * g;
                // Of a gradient that stays the same, rounding may leave a variance below 0.
                s = Math.max(0, s - mean * mean);
            }
            double step = g / (Math.sqrt(s) + epsilon);
            if (momentum != 0) {
                step = memory(2)[i] = momentum * memory(2)[i] + step;
            }
            return theta - rate * step;
        }
    }

    /**
     * Riedmiller and Braun (1993): each parameter has a step of its own, which grows by etaPlus while the gradient keeps its sign and
     * shrinks by etaMinus when it changes; then the parameter waits for one step.
     */
    static final class Rprop extends GradientRule {
        private final double etaMinus;
        private final double etaPlus;
        private final double least;
        private final double most;

        Rprop(int size, Arguments a) {
            super(size, 2);
            Arrays.fill(memory(1), a.get("lr", 0.01));
            etaMinus = a.share("etaMinus", 0.5);
            etaPlus = a.get("etaPlus", 1.2);
            least = a.get("leastStep", 1e-6);
            most = a.get("mostStep", 50);
            if (etaPlus <= 1) {
                throw new IllegalArgumentException(
                        "etaPlus of rprop must be > 1 but was " + etaPlus + "; for example 1.2");
            }
        }

        @Override
        double move(int i, double theta, double gradient) {
            double[] before = memory(0);
            double[] step = memory(1);
            double sign = Math.signum(gradient * before[i]);
            double factor = sign > 0 ? etaPlus : sign < 0 ? etaMinus : 1;
            step[i] = Math.max(least, Math.min(most, step[i] * factor));
            double g = sign < 0 ? 0 : gradient;
            before[i] = g;
            return theta - Math.signum(g) * step[i];
        }
    }

    /**
     * Averaged gradient descent (Polyak and Juditsky 1992): {@code theta = (1 - lambda eta) theta - eta g},
     * {@code eta = lr / (1 + lambda lr (n - 1))^alpha}. As in the reference the parameters are the last ones, not their average, so that
     * its t0, the step from which it averages, has no place here.
     */
    static final class Asgd extends GradientRule {
        private final double rate;
        private final double lambda;
        private final double alpha;
        private final double decay;
        private double eta;

        Asgd(int size, Arguments a) {
            super(size, 0);
            rate = a.get("lr", 0.01);
            lambda = a.get("lambd", 1e-4);
            alpha = a.get("alpha", 0.75);
            decay = a.get("weightDecay", 0);
        }

        @Override
        void begin() {
            eta = rate / Math.pow(1 + lambda * rate * (count() - 1), alpha);
        }

        @Override
        double move(int i, double theta, double gradient) {
            double g = gradient + decay * theta;
            return theta * (1 - lambda * eta) - eta * g;
        }
    }
}
