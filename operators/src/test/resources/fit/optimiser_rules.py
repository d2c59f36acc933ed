"""The numbers of RulesTest: each rule in double precision, from the equations of the papers in the form that PyTorch documents."""
from math import sqrt

GRADIENTS = [(1.0, -0.3), (-0.5, -0.1), (2.0, 0.4), (0.25, -0.2), (0.7, 0.05), (-1.5, 0.6), (0.3, 0.2)]


def sgd(w, g, n, s, lr, momentum=0, dampening=0, weight_decay=0, nesterov=False):
    g += weight_decay * w
    s["b"] = g if n == 1 else momentum * s["b"] + (1 - dampening) * g
    return w - lr * (g + momentum * s["b"] if nesterov else s["b"])


def moments(s, g, beta1, beta2):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g * g
    return s["m"], s["v"]


def adam(w, g, n, s, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0, amsgrad=False, decoupled=False):
    if decoupled:
        w -= lr * weight_decay * w
    else:
        g += weight_decay * w
    m, v = moments(s, g, beta1, beta2)
    if amsgrad:
        v = s["most"] = max(s.get("most", 0), v)
    return w - lr * (m / (1 - beta1**n)) / (sqrt(v / (1 - beta2**n)) + eps)


def adamax(w, g, n, s, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["u"] = max(beta2 * s.get("u", 0), abs(g) + eps)
    return w - lr / (1 - beta1**n) * s["m"] / s["u"]


def nadam(w, g, n, s, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=0.004):
    def mu(k):
        return beta1 * (1 - 0.5 * 0.96 ** (k * momentum_decay))

    m, v = moments(s, g, beta1, beta2)
    s["product"] = s.get("product", 1) * mu(n)
    ahead = mu(n + 1) * m / (1 - s["product"] * mu(n + 1)) + (1 - mu(n)) * g / (1 - s["product"])
    return w - lr * ahead / (sqrt(v / (1 - beta2**n)) + eps)


def radam(w, g, n, s, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = moments(s, g, beta1, beta2)
    m /= 1 - beta1**n
    most = 2 / (1 - beta2) - 1
    rho = most - 2 * n * beta2**n / (1 - beta2**n)
    if rho <= 5:
        return w - lr * m
    r = sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
    return w - lr * m * r * sqrt(1 - beta2**n) / (sqrt(v) + eps)


def adagrad(w, g, n, s, lr=0.01, lr_decay=0, initial=0, eps=1e-10):
    s["sum"] = s.get("sum", initial) + g * g
    return w - lr / (1 + (n - 1) * lr_decay) * g / (sqrt(s["sum"]) + eps)


def adadelta(w, g, n, s, lr=1, rho=0.9, eps=1e-6):
    s["g2"] = rho * s.get("g2", 0) + (1 - rho) * g * g
    d = sqrt(s.get("d2", 0) + eps) / sqrt(s["g2"] + eps) * g
    s["d2"] = rho * s.get("d2", 0) + (1 - rho) * d * d
    return w - lr * d


def rmsprop(w, g, n, s, lr=0.01, alpha=0.99, eps=1e-8, momentum=0, centered=False):
    s["g2"] = alpha * s.get("g2", 0) + (1 - alpha) * g * g
    s["g"] = alpha * s.get("g", 0) + (1 - alpha) * g
    s["b"] = momentum * s.get("b", 0) + g / (sqrt(s["g2"] - (s["g"] ** 2 if centered else 0)) + eps)
    return w - lr * s["b"]


def rprop(w, g, n, s, lr=0.01, minus=0.5, plus=1.2, least=1e-6, most=50):
    turn = g * s.get("g", 0)
    step = s.get("step", lr) * (plus if turn > 0 else minus if turn < 0 else 1)
    s["step"] = min(max(step, least), most)
    s["g"] = 0 if turn < 0 else g
    return w - s["step"] * ((s["g"] > 0) - (s["g"] < 0))


def asgd(w, g, n, s, lr=0.01, lambd=1e-4, alpha=0.75):
    eta = lr / (1 + lambd * lr * (n - 1)) ** alpha
    return w * (1 - lambd * eta) - eta * g


CASES = [
    ("sgd:lr=0.1,momentum=0.9,weightDecay=0.1,nesterov=1", sgd, dict(lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True)),
    ("sgd:lr=0.1,momentum=0.9,dampening=0.2,weightDecay=0.1", sgd, dict(lr=0.1, momentum=0.9, dampening=0.2, weight_decay=0.1)),
    (
        "adam:lr=0.1,beta1=0.8,beta2=0.9,eps=0.001,weightDecay=0.05,amsgrad=1",
        adam,
        dict(lr=0.1, beta1=0.8, beta2=0.9, eps=0.001, weight_decay=0.05, amsgrad=True),
    ),
    (
        "adamw:lr=0.1,beta1=0.8,beta2=0.9,eps=0.001",
        adam,
        dict(lr=0.1, beta1=0.8, beta2=0.9, eps=0.001, weight_decay=0.01, decoupled=True),
    ),
    ("adamax", adamax, {}),
    ("nadam", nadam, {}),
    ("radam:lr=0.1", radam, dict(lr=0.1)),
    ("adagrad:lr=0.1,lrDecay=0.2,initial=0.5", adagrad, dict(lr=0.1, lr_decay=0.2, initial=0.5)),
    ("rmsprop:alpha=0.9,momentum=0.5,centered=1", rmsprop, dict(alpha=0.9, momentum=0.5, centered=True)),
    ("rprop", rprop, {}),
    ("asgd:lr=0.1,lambd=0.01", asgd, dict(lr=0.1, lambd=0.01)),
    ("adadelta", adadelta, {}),
]

for text, rule, arguments in CASES:
    ends = []
    for i, w in enumerate((1.0, -2.0)):
        memory = {}
        for n, gradient in enumerate(GRADIENTS, 1):
            w = rule(w, gradient[i], n, memory, **arguments)
        ends.append(w)
    print(text, *ends, sep="; ")
